import { encodeFunctionData, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import {
  chunksOf,
  entriesOf,
  exceptionsOf,
  executeAsStranger,
  indexedBalanceOf,
  reorgChain,
  retryAsStranger,
  setBlocked,
  transfersOf,
} from './indexerKit.ts';
import { openedBatch } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import type { Account } from './payoutsSeed.ts';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** What is not under test here is out of a reorg's reach. */
async function openedForGood(count: number) {
  const opened = await openedBatch(kit, count);
  await kit.mine(FINAL_DEPTH);
  return opened;
}

async function reorg(depth: number) {
  await reorgChain(kit, depth);
  await kit.untilIndexed();
}

/** A signed mint for an account, to be sent as often as the test likes. */
async function signMint(account: Account, units: bigint): Promise<Hex> {
  const signer = privateKeyToAccount(required(kit.chain.strangers[1], 'A stranger').privateKey);
  const data = encodeFunctionData({
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [account.address, units],
  });
  const nonce = await kit.chain.client.getTransactionCount({ address: signer.address });
  return signer.signTransaction({
    type: 'eip1559',
    chainId: kit.chain.chainId,
    to: kit.token,
    data,
    nonce,
    gas: 100_000n,
    maxFeePerGas: 100_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
  });
}

const typesOf = async (subjectId: string) => (await entriesOf(kit, subjectId)).map((entry) => entry.type);

test('a transfer that a reorg takes away is told, its balance too, and it is told again when it is back', async () => {
  const account = await kit.openAccount(5n);
  await kit.mine(FINAL_DEPTH);
  const raw = await signMint(account, 100n);
  const hash = await kit.chain.client.sendRawTransaction({ serializedTransaction: raw });
  await kit.mine();
  expect(await indexedBalanceOf(kit, account.id)).toBe(105n);
  await reorg(1);
  const [, taken] = await transfersOf(kit, account.id);
  expect(taken).toMatchObject({ units: 100n, status: 'REORGED' });
  expect(await typesOf(required(taken, 'The transfer').id)).toEqual([
    'TRANSFER_INCLUDED',
    'TRANSFER_REORGED',
  ]);
  await expect.poll(() => indexedBalanceOf(kit, account.id)).toBe(5n);

  await kit.chain.client.sendRawTransaction({ serializedTransaction: raw });
  await kit.mine(FINAL_DEPTH);
  const [, , back] = await transfersOf(kit, account.id);
  expect(back).toMatchObject({ units: 100n, status: 'FINAL' });
  const rows = await kit.database
    .selectFrom('chainTransaction')
    .select(['status', 'kind'])
    .where('hash', '=', hash)
    .execute();
  expect(rows).toEqual([{ status: 'FINAL', kind: 'FOREIGN' }]);
  expect(await indexedBalanceOf(kit, account.id)).toBe(105n);
});

test('a stranger’s chunk that a reorg takes away is pending again, and told; back, it is told again', async () => {
  const { batchId, lines } = await openedForGood(3);
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(2);
  expect(await kit.batch(batchId)).toMatchObject({ confirmedCount: 3 });
  await reorg(2);
  expect(await kit.batch(batchId)).toMatchObject({ pendingCount: 3, status: 'EXECUTING' });
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'PENDING', hash: null }]);
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 3, status: 'COMPLETED' });
  const told = (await entriesOf(kit, batchId)).filter((entry) => entry.type.startsWith('PAYOUTS_'));
  expect(told.map(({ type, changes }) => [type, changes?.map((change) => change.status).join()])).toEqual([
    ['PAYOUTS_CHANGED', 'INCLUDED'],
    ['PAYOUTS_CHANGED', 'CONFIRMED'],
    ['PAYOUTS_REORGED', 'PENDING'],
    ['PAYOUTS_CHANGED', 'INCLUDED'],
    ['PAYOUTS_CHANGED', 'CONFIRMED'],
    ['PAYOUTS_CHANGED', 'FINAL'],
  ]);
  await kit.requirePaidOnce(lines);
});

test('our own chunk that a reorg takes away waits for the same bytes', async () => {
  const { batchId, lines } = await openedForGood(3);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  const [included] = await chunksOf(kit, batchId);
  expect(included).toMatchObject({ status: 'INCLUDED', kind: 'CHUNK' });
  await reorg(1);
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'SUBMITTED', hash: included?.hash }]);
  expect(await kit.batch(batchId)).toMatchObject({ submittedCount: 3 });
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'FINAL', hash: included?.hash }]);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('a chunk with an owed row leaves nothing behind, and neither does a retry', async () => {
  const { batchId, lines } = await openedForGood(3);
  const refused = required(lines[1], 'A line').recipient;
  await setBlocked(kit, refused, true);
  await kit.mine(FINAL_DEPTH);
  await executeAsStranger(kit, batchId, 0);
  await kit.mine();
  expect(await exceptionsOf(kit, batchId)).toMatchObject([{ rowIndex: 1, status: 'UNDELIVERED' }]);
  await reorg(1);
  expect(await exceptionsOf(kit, batchId)).toEqual([]);
  expect(await kit.batch(batchId)).toMatchObject({ pendingCount: 3, undeliveredCount: 0 });

  await executeAsStranger(kit, batchId, 0);
  await setBlocked(kit, refused, false);
  await kit.mine(FINAL_DEPTH);
  await retryAsStranger(kit, batchId, 0, 0b10n);
  await kit.mine(2);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 2, confirmedCount: 1 });
  await reorg(2);
  expect(await exceptionsOf(kit, batchId)).toEqual([
    { rowIndex: 1, chunkIndex: 0, status: 'UNDELIVERED', failureCode: 'TOKEN_REFUSED' },
  ]);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 2, undeliveredCount: 1, status: 'EXECUTING' });
  const reorged = (await entriesOf(kit, batchId)).filter((entry) => entry.type === 'PAYOUTS_REORGED');
  expect(reorged.at(-1)?.changes).toMatchObject([{ firstIndex: 1, lastIndex: 1, status: 'UNDELIVERED' }]);
});

test('a node that is behind takes nothing back; a block that returns revives what it had written', async () => {
  const account = await kit.openAccount(5n);
  await kit.mine(FINAL_DEPTH);
  const { client } = kit.chain;
  const raw = await signMint(account, 9n);
  const before = await client.snapshot();
  await client.sendRawTransaction({ serializedTransaction: raw });
  await kit.mine();
  const withTransfer = await client.dumpState();
  const transfer = required((await transfersOf(kit, account.id)).at(-1), 'The transfer');
  expect(transfer).toMatchObject({ units: 9n, status: 'INCLUDED' });

  await client.revert({ id: before });
  const again = await client.snapshot();
  // The indexer has seen a head below its own.
  await expect
    .poll(() =>
      kit.database
        .selectFrom('chain')
        .select('id')
        .whereRef('nodeHeadNumber', '<', 'headNumber')
        .executeTakeFirst(),
    )
    .toBeDefined();
  expect((await transfersOf(kit, account.id)).at(-1)).toMatchObject({ status: 'INCLUDED' });

  await kit.mine(2);
  expect((await transfersOf(kit, account.id)).at(-1)).toMatchObject({ id: transfer.id, status: 'REORGED' });

  await client.revert({ id: again });
  await client.loadState({ state: withTransfer });
  await kit.mine(2);
  expect((await transfersOf(kit, account.id)).at(-1)).toMatchObject({ id: transfer.id, status: 'CONFIRMED' });
  expect(await typesOf(transfer.id)).toEqual([
    'TRANSFER_INCLUDED',
    'TRANSFER_REORGED',
    'TRANSFER_INCLUDED',
    'TRANSFER_CONFIRMED',
  ]);
});
