import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type Address,
  createTestClient,
  type Hex,
  http,
  type PrivateKeyAccount,
  publicActions,
  type TransactionReceipt,
  walletActions,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';

/** The most that one transaction may use (EIP-7825). */
const MAX_TRANSACTION_GAS = 16_777_216n;
const FUNDS_WEI = 10n ** 24n;
const START_TIMEOUT_MS = 30_000;

/** A chain of its own and one funded account. */
export interface GasChain extends AsyncDisposable {
  readonly account: PrivateKeyAccount;
  readonly client: GasClient;
  /** Sends, mines a block and reads the receipt. Throws if the transaction failed. */
  send(transaction: { to?: Address; data: Hex }): Promise<TransactionReceipt>;
  /** Deploys and returns the address. */
  deploy(bytecode: Hex): Promise<Address>;
}

type GasClient = ReturnType<typeof createClient>;

/** Starts anvil on a free port. Disposing of the chain stops it. */
export async function startGasChain(): Promise<GasChain> {
  const manifest = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
  const anvil = spawn(process.execPath, [join(dirname(manifest), 'bin.mjs'), '--port', '0', '--no-mining'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(anvil, 'exit');
  const stop = async () => {
    anvil.kill('SIGTERM');
    await exited;
  };
  try {
    const url = await listeningUrl(anvil.stdout);
    return await chainAt(url, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function chainAt(url: string, stop: () => Promise<void>): Promise<GasChain> {
  const account = privateKeyToAccount(generatePrivateKey());
  const client = createClient(url, account);
  await client.setBalance({ address: account.address, value: FUNDS_WEI });
  const send: GasChain['send'] = async (transaction) => {
    const hash = await client.sendTransaction({ ...transaction, gas: MAX_TRANSACTION_GAS });
    await client.mine({ blocks: 1 });
    const receipt = await client.getTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} failed`);
    return receipt;
  };
  const deploy: GasChain['deploy'] = async (data) => {
    const { contractAddress } = await send({ data });
    if (!contractAddress) throw new Error('nothing was deployed');
    return contractAddress;
  };
  return { account, client, send, deploy, [Symbol.asyncDispose]: stop };
}

function createClient(url: string, account: PrivateKeyAccount) {
  return createTestClient({
    account,
    chain: foundry,
    mode: 'anvil',
    pollingInterval: 5,
    transport: http(url),
  })
    .extend(publicActions)
    .extend(walletActions);
}

/** Goes on reading afterwards: a process whose output nobody reads comes to a halt. */
function listeningUrl(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`anvil did not listen within ${START_TIMEOUT_MS} ms`));
    const timer = setTimeout(late, START_TIMEOUT_MS);
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      const address = /^Listening on (\S+)/.exec(line)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(`http://${address}`);
    });
    lines.once('close', () => {
      clearTimeout(timer);
      reject(new Error('anvil ended before it listened'));
    });
  });
}
