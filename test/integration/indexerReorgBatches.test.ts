import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { entriesOf, executeAsStranger, indexedBalanceOf, reorgChain, transfersOf } from './indexerKit.ts';
import { approvedBatch, grantAll, openedBatch, ownerContext } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { totalOf } from './payoutsSeed.ts';

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

const typesOf = async (subjectId: string) => (await entriesOf(kit, subjectId)).map((entry) => entry.type);

test('an open that a reorg takes away: the batch is approved again, then opened by the same bytes', async () => {
  const { batchId, account, lines } = await approvedBatch(kit, 3);
  await kit.mine(FINAL_DEPTH);
  await kit.openBatch(batchId);
  await executeAsStranger(kit, batchId, 0);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', includedCount: 3 });
  const approval = await kit.database
    .selectFrom('approval')
    .select(['id', 'status', 'executedTransactionId'])
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  expect(approval).toMatchObject({ status: 'EXECUTED' });
  await reorg(2);
  expect(await kit.batch(batchId)).toMatchObject({
    status: 'APPROVED',
    pendingCount: 3,
    openedAtBlock: null,
  });
  expect((await transfersOf(kit, account.id)).at(-1)).toMatchObject({ direction: 'OUT', status: 'REORGED' });
  const statuses = (await entriesOf(kit, approval.id)).filter(
    (entry) => entry.type === 'APPROVAL_STATUS_CHANGED',
  );
  expect(statuses.map((entry) => entry.status)).toEqual(['APPROVED', 'EXECUTED', 'APPROVED']);
  await expect
    .poll(async () => {
      const row = kit.database.selectFrom('account').select('safeNonce').where('id', '=', account.id);
      return (await row.executeTakeFirstOrThrow()).safeNonce;
    })
    .toBe(0n);
  await expect.poll(() => indexedBalanceOf(kit, account.id)).toBe(totalOf(lines));

  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', pendingCount: 3 });
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  const opens = kit.database.selectFrom('chainTransaction').select('id').where('batchId', '=', batchId);
  expect(await opens.where('kind', '=', 'OPEN').execute()).toEqual([{ id: approval.executedTransactionId }]);
  await kit.requirePaidOnce(lines);
});

test('a close that a reorg takes away: nothing is failed, the batch is open again', async () => {
  const { batchId, lines } = await openedForGood(2);
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  await grantAll(kit, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  expect((await kit.batch(batchId)).closedAtBlock).not.toBeNull();
  await reorg(1);
  expect(await kit.batch(batchId)).toMatchObject({
    closedAtBlock: null,
    status: 'EXECUTING',
    pendingCount: 2,
  });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ failedCount: 0 });
  await executeAsStranger(kit, batchId, 0);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  await kit.requirePaidOnce(lines);
  // The same close, later: it closes what is empty.
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', failedCount: 0 });
  expect((await kit.batch(batchId)).closedAtBlock).not.toBeNull();
});

test('an account whose birth a reorg takes away is opening again, then stands again', async () => {
  const account = await kit.openAccount(1n);
  const standing = () =>
    kit.database.selectFrom('account').select(['status', 'openedAtBlock']).where('id', '=', account.id);
  expect(await standing().executeTakeFirst()).toMatchObject({ status: 'ACTIVE' });
  const { openedAtBlock } = await standing().executeTakeFirstOrThrow();
  const { number } = await kit.chain.client.getBlock();
  await reorg(Number(number - required(openedAtBlock, 'Its block')) + 1);
  expect(await standing().executeTakeFirst()).toEqual({ status: 'OPENING', openedAtBlock: null });
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await standing().executeTakeFirst()).toMatchObject({ status: 'ACTIVE' });
  expect(await typesOf(account.id)).toEqual(['ACCOUNT_OPENED', 'ACCOUNT_OPENED']);
});
