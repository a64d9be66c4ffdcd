// npm run execute -- MANIFEST [--rpc URL] [--key-file FILE] [--stack FILE]: pays the open chunks of a batch without any server.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Hex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { parseManifest } from '../chains/evm/codec/parseManifest.ts';
import { CliError, runCommand } from './cliError.ts';
import { executeManifest } from './executeManifest.ts';
import { EMBEDDED_CHAIN_ID, readStackFile, STACK_FILE } from './stackFile.ts';

const USAGE = `Usage: npm run execute -- MANIFEST [--rpc URL] [--key-file FILE] [--stack FILE]
  --rpc URL        a node of the manifest's chain (default: the embedded one)
  --key-file FILE  a file with the private key that pays the gas (default: the embedded chain's development key)
  --stack FILE     where \`npm start\` wrote what it runs (default: .data/stack.json)`;
const EXIT_CALL_AT_FAULT = 2;

await runCommand(async () => {
  const { file, rpc, keyFile, stackFile } = readArguments();
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(`${file} cannot be read.`, EXIT_CALL_AT_FAULT);
  });
  const manifest = parseManifest(text);
  const rpcUrl = rpc ?? (await readStackFile(stackFile)).evmRpc;
  const account = keyFile === undefined ? developmentAccount(manifest.chainId) : await readKey(keyFile);
  const report = await executeManifest(manifest, rpcUrl, account, (line) =>
    process.stderr.write(`${line}\n`),
  );
  process.stderr.write(
    `${report.executed} chunk(s) executed now, ${report.alreadyExecuted} before; ` +
      `${report.owedRows} payout(s) could not be delivered and are still owed.\n`,
  );
  return 0;
});

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rpc: { type: 'string' },
        'key-file': { type: 'string' },
        stack: { type: 'string', default: STACK_FILE },
      },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new CliError(USAGE, EXIT_CALL_AT_FAULT);
    return { file, rpc: values.rpc, keyFile: values['key-file'], stackFile: values.stack };
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(USAGE, EXIT_CALL_AT_FAULT);
  }
}

/** A funded account of every development chain, never used on a real one. */
function developmentAccount(chainId: number) {
  if (chainId !== EMBEDDED_CHAIN_ID) {
    throw new CliError(
      'Name a key file: development keys are for the embedded chain only.',
      EXIT_CALL_AT_FAULT,
    );
  }
  return mnemonicToAccount('test test test test test test test test test test test junk', {
    addressIndex: 9,
  });
}

async function readKey(file: string) {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CliError(`The key file ${file} cannot be read.`, EXIT_CALL_AT_FAULT);
  });
  try {
    return privateKeyToAccount(text.trim() as Hex);
  } catch {
    throw new CliError(
      `${file} does not hold a private key (0x and 64 hexadecimal digits).`,
      EXIT_CALL_AT_FAULT,
    );
  }
}
