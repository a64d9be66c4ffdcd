// npm run sign-in -- [NAME]: signs in as a demonstration approver and prints the header to paste into GraphiQL or curl.
import { parseArgs } from 'node:util';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { openSession } from './apiClient.ts';
import { CliError, runCommand } from './cliError.ts';
import { readStackFile, STACK_FILE } from './stackFile.ts';

const EXIT_CALL_AT_FAULT = 2;

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { stack: { type: 'string', default: STACK_FILE } },
  });
  const stack = await readStackFile(values.stack);
  const { approvers } = stack.demo;
  const name = positionals[0] ?? approvers[0]?.label ?? '';
  const approver = approvers.find(({ label }) => label.toLowerCase() === name.toLowerCase());
  if (approver === undefined) {
    const names = approvers.map(({ label }) => label).join(', ');
    throw new CliError(`There is no approver ${name}. There are ${names}.`, EXIT_CALL_AT_FAULT);
  }
  const token = await openSession(stack.api, privateKeyToAccount(approver.privateKey as Hex), stack.chainId);
  process.stdout.write(`${JSON.stringify({ authorization: `Bearer ${token}` })}\n`);
  return 0;
});
