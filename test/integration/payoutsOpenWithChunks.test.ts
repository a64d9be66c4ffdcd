import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { payoutCreate } from '../../resolvers/payoutBatch/payoutCreate.ts';
import { chunksOf, entriesOf, executeAsStranger, reorgChain } from './indexerKit.ts';
import {
  advanceUnheard,
  approvedBatch,
  grantAll,
  kindsOf,
  newPayees,
  ownerContext,
  transactionsOf,
} from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { openElsewhere, useSafeElsewhere } from './payoutsSafe.ts';
import { type Account, totalOf } from './payoutsSeed.ts';

// A batch of at most four chunks goes out whole with its open. Whatever becomes of the open, each chunk is paid once.

const ROWS_PER_CHUNK = 200;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** The one mutation that pays one payee. */
async function approvedPayment() {
  const lines = newPayees(1);
  const { recipient } = required(lines[0], 'A payee');
  const account = await kit.openAccount(totalOf(lines));
  const { payoutBatchId } = await payoutCreate(ownerContext(kit), {
    accountId: account.id,
    assetId: kit.assetId,
    ...{ recipient, payeeId: null, amount: '1', memo: null, reference: null, title: null },
    idempotencyKey: 'one',
  });
  await grantAll(kit, payoutBatchId);
  return { lines, batchId: payoutBatchId };
}

const advance = (batchId: string) => advanceBatch(kit.engine(), batchId);

/** Jobs that wait for a batch: no worker runs here. */
async function jobsOf(batchId: string): Promise<number> {
  const { rows } = await sql`
    select from graphile_worker.jobs where key = ${`batch.advance:${batchId}`}`.execute(kit.database);
  return rows.length;
}

test('a single payment is included in the block after its approval, and subscribers see every step', async () => {
  const { batchId, lines } = await approvedPayment();
  const approvedAt = await kit.chain.client.getBlockNumber();
  await advance(batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', submittedCount: 1, pendingCount: 0 });
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', includedCount: 1 });
  const [open, chunk] = await transactionsOf(kit, batchId);
  expect(open).toMatchObject({ kind: 'OPEN', blockNumber: approvedAt + 1n });
  expect(chunk).toMatchObject({
    kind: 'CHUNK',
    blockNumber: approvedAt + 1n,
    nonce: (open?.nonce ?? 0n) + 1n,
  });
  await kit.mine(FINAL_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await kit.requirePaidOnce(lines);
  const told = (await entriesOf(kit, batchId)).flatMap(({ type, changes }) =>
    type === 'PAYOUTS_CHANGED' ? (changes ?? []).map(({ status }) => status) : [],
  );
  expect(told).toEqual(['SUBMITTED', 'INCLUDED', 'CONFIRMED', 'FINAL']);
});

test('four chunks go with the open, five wait until it is seen', async () => {
  const four = await approvedBatch(kit, 4 * ROWS_PER_CHUNK);
  const five = await approvedBatch(kit, 4 * ROWS_PER_CHUNK + 1);
  await advance(four.batchId);
  await advance(five.batchId);
  expect(await kindsOf(kit, four.batchId)).toEqual(['OPEN BROADCAST', ...Array(4).fill('CHUNK BROADCAST')]);
  expect(await kindsOf(kit, five.batchId)).toEqual(['OPEN BROADCAST']);
  await kit.mine();
  await advance(five.batchId);
  await kit.mine(FINAL_DEPTH);
  for (const { batchId, lines } of [four, five]) {
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
    await kit.requirePaidOnce(lines);
  }
});

test('signed and not sent: all go out later with the same bytes, in order', async () => {
  const { batchId, lines } = await approvedBatch(kit);
  await advanceUnheard(kit, batchId);
  const signed = await transactionsOf(kit, batchId);
  expect(signed.map(({ kind }) => kind)).toEqual(['OPEN', 'CHUNK']);
  await kit.mine();
  expect((await kit.batch(batchId)).status).toBe('APPROVED');
  await advance(batchId);
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect((await transactionsOf(kit, batchId)).map(({ hash }) => hash)).toEqual(
    signed.map(({ hash }) => hash),
  );
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

/** Open and chunk are in the pool; the owners use the account's nonce elsewhere, in the same block and before. */
async function openInVain(batchId: string, account: Account) {
  await advance(batchId);
  await useSafeElsewhere(kit, account);
  await kit.mine();
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN REVERTED', 'CHUNK INCLUDED']);
  expect(await kit.batch(batchId)).toMatchObject({ submittedCount: 3, openedAtBlock: null });
}

test('the open reverts: its chunk came to nothing, waits once that is final, and is paid with the next open', async () => {
  const { batchId, lines, account } = await approvedBatch(kit);
  await openInVain(batchId, account);
  await advance(batchId);
  await kit.mine(FINAL_DEPTH - 2);
  await advance(batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'APPROVED', submittedCount: 3, failedCount: 0 });
  await kit.mine();
  expect(await jobsOf(batchId)).toBe(1);
  // The indexer asks the node for the final nonce once it has the head.
  await eventually(async () => expect((await kit.batch(batchId)).status).toBe('PENDING_APPROVAL'));
  await advance(batchId);
  expect(await kit.batch(batchId)).toMatchObject({
    ...{ status: 'PENDING_APPROVAL', pendingCount: 3, submittedCount: 0, failedCount: 0 },
  });
  await grantAll(kit, batchId);
  await kit.openBatch(batchId);
  // Not with the open a second time: the first time it cost gas for nothing.
  expect((await kit.batch(batchId)).pendingCount).toBe(3);
  await advance(batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN REVERTED', 'CHUNK FINAL', 'OPEN FINAL', 'CHUNK FINAL']);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  await kit.requirePaidOnce(lines);
});

test('cancelled, and the open reverts: nothing is paid, nothing is said to be under way', async () => {
  const { batchId, lines, account } = await approvedBatch(kit);
  await advance(batchId);
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await openInVain(batchId, account);
  await kit.mine(FINAL_DEPTH);
  await eventually(async () => expect((await kit.batch(batchId)).status).toBe('CANCELLED'));
  await advance(batchId);
  expect(await kit.batch(batchId)).toMatchObject({
    ...{ status: 'CANCELLED', pendingCount: 3, submittedCount: 0, failedCount: 0 },
  });
  for (const { recipient } of lines) expect(await kit.balanceOf(recipient)).toBe(0n);
});

test('cancelled while the open is out, which is included all the same: paid, and said so', async () => {
  const { batchId, lines } = await approvedBatch(kit);
  await advance(batchId);
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING', submittedCount: 3 });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', finalCount: 3 });
  await kit.requirePaidOnce(lines);
});

test('open and chunk that a reorg takes out together come back together', async () => {
  const { batchId, lines } = await approvedBatch(kit);
  await advance(batchId);
  await kit.mine();
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'APPROVED',
    submittedCount: 3,
    openedAtBlock: null,
  });
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'SUBMITTED', kind: 'CHUNK' }]);
  await advance(batchId);
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN FINAL', 'CHUNK FINAL']);
  await kit.requirePaidOnce(lines);
});

/** Takes the newest block out of the chain, and waits until that is known. */
async function takeBack() {
  await reorgChain(kit, 1);
  await kit.untilIndexed();
}

test('taken out by a reorg, and chunks come back in another order by another hand', async () => {
  const { batchId, lines } = await approvedBatch(kit, 2 * ROWS_PER_CHUNK);
  await advance(batchId);
  await kit.mine();
  await takeBack();
  await openElsewhere(kit, batchId);
  await kit.mine();
  await executeAsStranger(kit, batchId, 1);
  await kit.mine();
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN REVERTED', 'CHUNK FINAL', 'CHUNK REVERTED']);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});

test('somebody else opened it a moment before: our open reverts, our chunk pays', async () => {
  const { batchId, lines } = await approvedBatch(kit);
  await advance(batchId);
  await openElsewhere(kit, batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kindsOf(kit, batchId)).toEqual(['OPEN REVERTED', 'CHUNK FINAL']);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
});
