import { getAddress, zeroAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeTransaction } from '../../chains/evm/codec/closeTransaction.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import {
  chunksOf,
  entriesOf,
  exceptionsOf,
  executeAsStranger,
  indexedBalanceOf,
  retryAsStranger,
  sendAsStranger,
  setBlocked,
  transfersOf,
} from './indexerKit.ts';
import { grantAll, openedBatch, ownerContext } from './payoutsBatches.ts';
import { CONFIRMED_DEPTH, FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { totalOf } from './payoutsSeed.ts';

// No worker runs: the test opens batches by the engine, strangers do the rest, and the indexer tells what happened.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** What the account has besides. */
const SPARE = 7n;
const opened = (count: number) => openedBatch(kit, count, { spare: SPARE });

test('chunks that strangers execute settle like ours, block by block', async () => {
  const { batchId, lines, account } = await opened(401);
  expect(await chunksOf(kit, batchId)).toMatchObject([
    { status: 'PENDING' },
    { status: 'PENDING' },
    { status: 'PENDING' },
  ]);
  const hashes = [await executeAsStranger(kit, batchId, 0), await executeAsStranger(kit, batchId, 1)];
  await kit.mine();
  expect(await chunksOf(kit, batchId)).toMatchObject([
    { status: 'INCLUDED', kind: 'FOREIGN', hash: hashes[0] },
    { status: 'INCLUDED', kind: 'FOREIGN', hash: hashes[1] },
    { status: 'PENDING', hash: null },
  ]);
  expect(await kit.batch(batchId)).toMatchObject({
    includedCount: 400,
    pendingCount: 1,
    status: 'EXECUTING',
  });
  await kit.mine(CONFIRMED_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({ confirmedCount: 400, pendingCount: 1 });
  await kit.mine(FINAL_DEPTH - CONFIRMED_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 400, pendingCount: 1, status: 'EXECUTING' });
  await executeAsStranger(kit, batchId, 2);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({
    finalCount: 401,
    status: 'COMPLETED',
    closedAtBlock: null,
  });
  await kit.requirePaidOnce(lines);
  expect(await indexedBalanceOf(kit, account.id)).toBe(SPARE);
});

test('the log tells each block of a batch once, with the ranges that changed', async () => {
  const { batchId } = await opened(401);
  const transactionId = await executeFirstAndLast(batchId);
  await kit.mine(FINAL_DEPTH - 1);
  const told = (await entriesOf(kit, batchId)).filter((entry) => entry.type === 'PAYOUTS_CHANGED');
  const included = { firstIndex: 0, lastIndex: 199, transactionId };
  const [one, two, three] = told.map((entry) => entry.changes);
  expect(told).toHaveLength(3);
  for (const [changes, status] of [
    [one, 'INCLUDED'],
    [two, 'CONFIRMED'],
    [three, 'FINAL'],
  ] as const) {
    expect(changes).toHaveLength(2);
    expect(changes?.[0]).toEqual({ ...included, status });
    expect(changes?.[1]).toMatchObject({ firstIndex: 400, lastIndex: 400, status });
  }
});

/** Executes the first and the last of three chunks in one block. @returns the first one's transaction */
async function executeFirstAndLast(batchId: string): Promise<string> {
  const hash = await executeAsStranger(kit, batchId, 0);
  await executeAsStranger(kit, batchId, 2);
  await kit.mine();
  const { id } = await kit.database
    .selectFrom('chainTransaction')
    .select('id')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return id;
}

test('a row that the token refuses is owed; a stranger delivers it later, and the batch is complete', async () => {
  const { batchId, lines } = await opened(5);
  const refused = required(lines[3], 'A line').recipient;
  await setBlocked(kit, refused, true);
  await kit.mine();
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 4, undeliveredCount: 1, status: 'EXECUTING' });
  expect(await exceptionsOf(kit, batchId)).toEqual([
    { rowIndex: 3, chunkIndex: 0, status: 'UNDELIVERED', failureCode: 'TOKEN_REFUSED' },
  ]);
  const told = (await entriesOf(kit, batchId)).find((entry) => entry.type === 'PAYOUTS_CHANGED');
  expect(told?.changes).toMatchObject([
    { firstIndex: 0, lastIndex: 2, status: 'INCLUDED' },
    { firstIndex: 3, lastIndex: 3, status: 'UNDELIVERED' },
    { firstIndex: 4, lastIndex: 4, status: 'INCLUDED' },
  ]);

  await setBlocked(kit, refused, false);
  await kit.mine();
  await retryAsStranger(kit, batchId, 0, 0b1111n);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 4, includedCount: 1, undeliveredCount: 0 });
  await kit.mine(FINAL_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: 5, status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('executed, refused, retried and refused again in one block', async () => {
  const { batchId, lines } = await opened(3);
  const [one, two] = lines.map((line) => line.recipient);
  await setBlocked(kit, required(one, 'A line'), true);
  await setBlocked(kit, required(two, 'A line'), true);
  await kit.mine();
  await executeAsStranger(kit, batchId, 0);
  await setBlocked(kit, required(two, 'A line'), false);
  await retryAsStranger(kit, batchId, 0, 0b11n);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ includedCount: 2, undeliveredCount: 1 });
  expect(await exceptionsOf(kit, batchId)).toMatchObject([
    { rowIndex: 0, status: 'UNDELIVERED' },
    { rowIndex: 1, status: 'INCLUDED' },
  ]);
});

test('closed early by its owners: what was not delivered is failed once that is final, and the money is back', async () => {
  const { batchId, lines, account } = await opened(201);
  await setBlocked(kit, required(lines[7], 'A line').recipient, true);
  await kit.mine();
  await executeAsStranger(kit, batchId, 0);
  await kit.mine();
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await grantAll(kit, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  const closed = await kit.batch(batchId);
  expect(closed).toMatchObject({ status: 'EXECUTING', undeliveredCount: 1, pendingCount: 1, failedCount: 0 });
  expect(closed.closedAtBlock).not.toBeNull();
  await kit.mine(FINAL_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'PARTIALLY_FAILED',
    finalCount: 199,
    failedCount: 2,
  });
  expect(await exceptionsOf(kit, batchId)).toEqual([
    { rowIndex: 7, chunkIndex: 0, status: 'FAILED', failureCode: 'TOKEN_REFUSED' },
    { rowIndex: 200, chunkIndex: 1, status: 'FAILED', failureCode: 'CANCELLED' },
  ]);
  const back = required(lines[7], 'A line').units + required(lines[200], 'A line').units;
  expect(await indexedBalanceOf(kit, account.id)).toBe(back + SPARE);
});

test('closed by anybody past closeAfter: never paid is expired', async () => {
  const { batchId, lines, account } = await openedBatch(kit, 2, {
    openWindowSeconds: 3_600,
    closeDelaySeconds: 3_600,
  });
  const { closeAfter, vaultAddress } = await kit.batch(batchId);
  await kit.chain.client.setNextBlockTimestamp({
    timestamp: BigInt(Math.floor(required(closeAfter, 'closeAfter').getTime() / 1000) + 1),
  });
  await kit.mine();
  const close = closeTransaction({ vault: getAddress(vaultAddress), nonce: 0n });
  await sendAsStranger(kit, { to: close.to, data: close.data });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'FAILED', failedCount: 2 });
  expect(await exceptionsOf(kit, batchId)).toMatchObject([
    { rowIndex: 0, status: 'FAILED', failureCode: 'EXPIRED' },
    { rowIndex: 1, status: 'FAILED', failureCode: 'EXPIRED' },
  ]);
  expect(await indexedBalanceOf(kit, account.id)).toBe(totalOf(lines));
});

test('an account’s transfers: its funding comes in, a batch goes out once, and what closing returns comes in', async () => {
  const { batchId, lines, account } = await opened(3);
  const vault = (await kit.batch(batchId)).vaultAddress;
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(FINAL_DEPTH);
  const transfers = await transfersOf(kit, account.id);
  expect(transfers).toMatchObject([
    {
      direction: 'IN',
      counterparty: zeroAddress,
      units: totalOf(lines) + SPARE,
      status: 'FINAL',
      kind: 'FOREIGN',
    },
    { direction: 'OUT', counterparty: vault, units: totalOf(lines), status: 'FINAL', kind: 'OPEN' },
  ]);
  for (const { id } of transfers) {
    expect((await entriesOf(kit, id)).map((entry) => entry.type)).toEqual([
      'TRANSFER_INCLUDED',
      'TRANSFER_CONFIRMED',
    ]);
  }
});

test('the counts of every batch add up, and every entry of the log has its number', async () => {
  const batches = await kit.database.selectFrom('payoutBatch').selectAll().execute();
  expect(batches.length).toBeGreaterThan(5);
  const { head } = await kit.database.selectFrom('eventLogHead').select('head').executeTakeFirstOrThrow();
  const events = await kit.database.selectFrom('event').select('number').orderBy('number').execute();
  expect(events.map((event) => event.number)).toEqual(
    Array.from({ length: Number(head) }, (_, index) => BigInt(index + 1)),
  );
});
