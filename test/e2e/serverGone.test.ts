// Once a batch is open on chain, everything of this company may vanish: the manifest, a node and gas are enough.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseManifest } from '../../chains/evm/codec/parseManifest.ts';
import { payoutVaultFactoryAbi } from '../../contracts/abi/payoutVaultFactory.ts';
import { payroll } from '../../examples/generate.ts';
import { startStack, type TestStack } from './stack.ts';
import { until } from './until.ts';

const ROWS = 900;
const CHUNKS = 5;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.remove());

test('server, database and pool are gone for good after the open: the manifest pays everybody', async () => {
  const { chain } = stack;
  const file = join(stack.directory, 'gone.csv');
  writeFileSync(file, payroll(ROWS, 'GONE'));
  await chain.setIntervalMining({ interval: 0 });
  const command = stack.payroll(file);
  await command.says(/approved/);
  const manifestFile = onlyFile(join(stack.directory, 'data', 'manifests'));
  const manifest = parseManifest(readFileSync(manifestFile, 'utf8'));
  expect(manifest.chunkCount).toBe(CHUNKS);

  await until('the open in the pool', async () => (await chain.getTxpoolStatus()).pending > 0);
  await chain.mine({ blocks: 1 });
  const isOpened = await chain.readContract({
    address: manifest.factory,
    abi: payoutVaultFactoryAbi,
    functionName: 'isOpened',
    args: [manifest.payer, manifest.batchId],
  });
  expect(isOpened).toBe(true);
  await stack.killAllOfOurs();
  await stack.killPostgres();
  command.child.kill('SIGKILL');
  expect(await stack.isHealthy()).toBe(false);
  await chain.request<DropAll>({ method: 'anvil_dropAllTransactions' });
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: ROWS });
  await chain.setIntervalMining({ interval: 1 });

  const first = await stack.execute(manifestFile, '--rpc', stack.stack.evmRpc);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stderr).toContain(
    `${CHUNKS} chunk(s) executed now, 0 before; 0 payout(s) could not be delivered`,
  );
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });

  const again = await stack.execute(manifestFile, '--rpc', stack.stack.evmRpc);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toContain(`0 chunk(s) executed now, ${CHUNKS} before`);
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });
});

type DropAll = { Method: 'anvil_dropAllTransactions'; Parameters?: undefined; ReturnType: null };

function onlyFile(directory: string): string {
  const [name, ...others] = readdirSync(directory);
  if (name === undefined || others.length > 0) throw new Error(`Not one file in ${directory}.`);
  return join(directory, name);
}
