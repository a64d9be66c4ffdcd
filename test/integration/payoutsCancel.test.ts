import { afterAll, beforeAll, expect, test } from 'vitest';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { MAX_CHUNKS_WITH_OPEN } from '../../payouts/chunksWithOpen.ts';
import { recover } from '../../payouts/recover.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { payoutBatchCreate } from '../../resolvers/payoutBatch/payoutBatchCreate.ts';
import {
  advanceUnheard,
  approvedBatch,
  grantAll,
  newPayees,
  ownerContext,
  signedKinds,
} from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { useSafeElsewhere } from './payoutsSafe.ts';
import { type Payee, totalOf } from './payoutsSeed.ts';

// What a cancellation stops in each state, and what it says of it: docs/guides/control.md has the table.

const ROWS_PER_CHUNK = 200;
/** A chunk more than goes out with the open. */
const MANY = ROWS_PER_CHUNK * (MAX_CHUNKS_WITH_OPEN + 1);

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const cancel = (payoutBatchId: string) => payoutBatchCancel(ownerContext(kit), { payoutBatchId });
const statusOf = async (batchId: string) => (await kit.batch(batchId)).status;

async function close(batchId: string) {
  await grantAll(kit, batchId);
  await advanceBatch(kit.engine(), batchId);
}

async function expectNothingPaid(lines: readonly Payee[]) {
  for (const { recipient } of lines.slice(0, 3)) expect(await kit.balanceOf(recipient)).toBe(0n);
}

test('DRAFT: all is stopped', async () => {
  const account = await kit.openAccount(1n);
  const { payoutBatchId } = await payoutBatchCreate(ownerContext(kit), {
    accountId: account.id,
    assetId: kit.assetId,
    title: 'Draft',
    payouts: newPayees(3).map(({ recipient }) => ({
      recipient,
      amount: '1',
      memo: null,
      reference: null,
    })),
    idempotencyKey: 'a draft',
  });
  expect(await cancel(payoutBatchId)).toMatchObject({
    stoppage: { stoppedCount: 3, undecidedCount: 0, unstoppableCount: 0 },
  });
  expect(await statusOf(payoutBatchId)).toBe('CANCELLED');
});

test.each([0, 1])('PENDING_APPROVAL with %i of 2 signatures: all is stopped', async (grants) => {
  const { batchId } = await approvedBatch(kit, 3, { grants });
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 3, undecidedCount: 0, unstoppableCount: 0 },
  });
  expect(await statusOf(batchId)).toBe('CANCELLED');
});

test('APPROVED: the chain may still open it, until its nonce is used elsewhere', async () => {
  const { batchId, account, lines } = await approvedBatch(kit, 3);
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: 3, unstoppableCount: 0 },
  });
  expect(await statusOf(batchId)).toBe('CANCELLING');
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual([]);
  await useSafeElsewhere(kit, account);
  await eventually(async () => {
    await kit.mine();
    expect(await statusOf(batchId)).toBe('CANCELLED');
  });
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 3, undecidedCount: 0, unstoppableCount: 0 },
    eventCursor: null,
  });
  await expectNothingPaid(lines);
});

test('APPROVED, small, its open and its payouts under way: they are counted as such, and paid', async () => {
  const { batchId, lines } = await approvedBatch(kit, 3);
  await advanceUnheard(kit, batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: 0, unstoppableCount: 3 },
  });
  expect(await statusOf(batchId)).toBe('CANCELLING');
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH);
  expect(await statusOf(batchId)).toBe('COMPLETED');
  await kit.requirePaidOnce(lines);
});

test('APPROVED, large, its open under way: undecided; opened after all, cancelling again asks for its close', async () => {
  const { batchId, lines, account } = await approvedBatch(kit, MANY);
  await advanceUnheard(kit, batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN']);
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: MANY, unstoppableCount: 0 },
  });
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  expect(await statusOf(batchId)).toBe('EXECUTING');
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: MANY, unstoppableCount: 0 },
  });
  await close(batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await statusOf(batchId)).toBe('FAILED');
  expect(await kit.balanceOf(account.address)).toBe(totalOf(lines));
  await expectNothingPaid(lines);
});

test('EXECUTING, nothing sent: all is undecided until the owners have closed it', async () => {
  const { batchId, lines } = await approvedBatch(kit, MANY);
  await kit.openBatch(batchId);
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: MANY, unstoppableCount: 0 },
  });
  expect(await cancel(batchId)).toMatchObject({ eventCursor: null });
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN']);
  expect(await kit.batch(batchId)).toMatchObject({ blockerCode: 'CLOSE_ASKED' });
  await close(batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'FAILED', failedCount: MANY, blockerCode: null });
  await expectNothingPaid(lines);
});

test('EXECUTING, all under way: nothing can be stopped for sure; what a block had before the close is paid', async () => {
  const { batchId, lines } = await approvedBatch(kit, MANY);
  await kit.openBatch(batchId);
  await advanceUnheard(kit, batchId);
  expect(await cancel(batchId)).toMatchObject({
    stoppage: { stoppedCount: 0, undecidedCount: 0, unstoppableCount: MANY },
  });
  await recover(kit.engine(), { patient: false });
  await kit.mine();
  await close(batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await statusOf(batchId)).toBe('COMPLETED');
  await kit.requirePaidOnce(lines);
});

test('EXECUTING, all in a block: there is nothing left to stop', async () => {
  const { batchId } = await approvedBatch(kit, 3);
  await kit.openBatch(batchId);
  await eventually(async () => {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine();
    expect(await kit.batch(batchId)).toMatchObject({ pendingCount: 0, submittedCount: 0, finalCount: 0 });
  });
  await expect(cancel(batchId)).rejects.toMatchObject({ faults: [{ code: 'NOTHING_OWED' }] });
  await kit.mine(FINAL_DEPTH);
  expect(await statusOf(batchId)).toBe('COMPLETED');
  await expect(cancel(batchId)).rejects.toMatchObject({
    faults: [{ code: 'BATCH_ENDED', message: 'This batch has ended: it is completed.' }],
  });
});

test.each(['REJECTED', 'EXPIRED', 'FAILED', 'PARTIALLY_FAILED'] as const)(
  '%s: it has ended',
  async (status) => {
    const { batchId } = await approvedBatch(kit, 3, { grants: 0 });
    const counts = {
      REJECTED: {},
      EXPIRED: {},
      FAILED: { pendingCount: 0, failedCount: 3, openedAtBlock: 1n, closedAtBlock: 2n },
      PARTIALLY_FAILED: {
        pendingCount: 0,
        finalCount: 2,
        failedCount: 1,
        openedAtBlock: 1n,
        closedAtBlock: 2n,
      },
    };
    const ended = { status, completedAt: new Date(), ...counts[status] };
    await kit.database.updateTable('payoutBatch').set(ended).where('id', '=', batchId).execute();
    await expect(cancel(batchId)).rejects.toMatchObject({ faults: [{ code: 'BATCH_ENDED' }] });
  },
);
