import { encodeFunctionData, getAddress } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { safeTransactionOf } from '../../transitions/requestApproval.ts';
import { entriesOf, executeElsewhere, reorgChain, retryAsStranger, setBlocked } from './indexerKit.ts';
import { approvalsOf, expectPaid, grantAll, newPayees, ownerContext, signedKinds } from './payoutsBatches.ts';
import { sweepBatches } from './payoutsJobs.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { sendAsStranger, useSafeElsewhere } from './payoutsSafe.ts';
import { type SubmitOptions, totalOf } from './payoutsSeed.ts';

// A close that the owners were asked for, of a batch that needs it no more: it holds up nothing behind it.

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

/** An open batch that owes its first row and is to be closed with so many signatures, and one behind it. */
async function closingBatch(options: { closeGrants: number; nextGrants: number } & SubmitOptions) {
  const { closeGrants, nextGrants, ...submit } = options;
  const lines = newPayees(3);
  const { recipient } = required(lines[0], 'A payee');
  await setBlocked(kit, recipient, true);
  await kit.mine();
  const account = await kit.openAccount(totalOf(lines) * 3n);
  const batchId = await kit.submitBatch(account, lines, submit);
  await kit.openBatch(batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', undeliveredCount: 1 });
  await payoutBatchCancel(ownerContext(kit), { payoutBatchId: batchId });
  for (const approver of kit.approvers.slice(0, closeGrants)) await kit.grant(batchId, approver);
  const nextLines = newPayees(2);
  const nextId = await kit.submitBatch(account, nextLines, { grants: nextGrants });
  await setBlocked(kit, recipient, false);
  await kit.mine();
  return { account, lines, batchId, nextId, nextLines };
}

/** A stranger delivers what is owed; nobody has asked the engine. */
async function deliverOwed(batchId: string) {
  await retryAsStranger(kit, batchId, 0, 1n);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', undeliveredCount: 0 });
}

async function completeByStranger(batchId: string) {
  await deliverOwed(batchId);
  await kit.mine(FINAL_DEPTH - 1);
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
}

async function closeOf(batchId: string) {
  const closes = (await approvalsOf(kit, batchId)).filter(({ kind }) => kind === 'PAYOUT_CLOSE');
  expect(closes).toHaveLength(1);
  return required(closes[0], 'The close');
}

const closesSigned = async (batchId: string) =>
  (await signedKinds(kit, batchId)).filter((kind) => kind === 'CLOSE').length;

async function closeVaultAsStranger(batchId: string) {
  const data = encodeFunctionData({ abi: payoutVaultAbi, functionName: 'close' });
  await sendAsStranger(kit, getAddress((await kit.batch(batchId)).vaultAddress), data);
}

test('undecided when all is delivered for good: cancelled with it, and the next takes its nonce', async () => {
  const { batchId, nextId, lines, nextLines } = await closingBatch({ closeGrants: 1, nextGrants: 1 });
  await deliverOwed(batchId);
  await kit.mine(FINAL_DEPTH - 2);
  expect(await closeOf(batchId)).toMatchObject({ status: 'PENDING', safeNonce: 1n });
  await kit.mine();
  expect((await kit.batch(batchId)).status).toBe('COMPLETED');
  const close = await closeOf(batchId);
  expect(close.status).toBe('CANCELLED');
  expect((await entriesOf(kit, close.id)).at(-1)).toMatchObject({
    type: 'APPROVAL_STATUS_CHANGED',
    status: 'CANCELLED',
  });
  expect(await approvalsOf(kit, nextId)).toMatchObject([
    { status: 'STALE', safeNonce: 2n },
    { status: 'PENDING', safeNonce: 1n },
  ]);
  await grantAll(kit, nextId);
  await expectPaid(kit, nextId, nextLines);
  await kit.requirePaidOnce(lines);
});

test('delivered in a block that is taken back: the owners can still close', async () => {
  const { batchId } = await closingBatch({ closeGrants: 1, nextGrants: 0 });
  await deliverOwed(batchId);
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', undeliveredCount: 1 });
  expect((await closeOf(batchId)).status).toBe('PENDING');
  await kit.grant(batchId, required(kit.approvers[1], 'An approver'));
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect((await closeOf(batchId)).status).toBe('EXECUTED');
  expect((await kit.batch(batchId)).status).toBe('PARTIALLY_FAILED');
});

test('cancelled, executed elsewhere all the same, and taken back: not asked for again', async () => {
  const { account, batchId, nextId } = await closingBatch({ closeGrants: 1, nextGrants: 1 });
  await completeByStranger(batchId);
  await executeElsewhere(kit, account.address, safeTransactionOf(await closeOf(batchId)));
  await kit.mine();
  expect((await closeOf(batchId)).status).toBe('EXECUTED');
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  expect(await closeOf(batchId)).toMatchObject({ status: 'STALE', replacedById: null });
  expect((await approvalsOf(kit, nextId)).at(-1)).toMatchObject({ status: 'PENDING', safeNonce: 1n });
});

test('signed when all is delivered for good: executed, so that the next has its turn', async () => {
  const { batchId, nextId, lines, nextLines } = await closingBatch({ closeGrants: 2, nextGrants: 2 });
  await completeByStranger(batchId);
  expect((await closeOf(batchId)).status).toBe('APPROVED');
  await advanceBatch(kit.engine(), nextId);
  expect((await kit.batch(nextId)).blockerCode).toBe('WAITS_FOR_NONCE');
  expect((await sweepBatches(kit)).batchIds).toContain(batchId);
  await Promise.all([advanceBatch(kit.engine(), batchId), advanceBatch(kit.engine(), batchId)]);
  await kit.mine();
  expect((await closeOf(batchId)).status).toBe('EXECUTED');
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  expect((await closeOf(batchId)).status).toBe('APPROVED');
  await recover(kit.engine(), { patient: false });
  await advanceBatch(kit.engine(), batchId);
  await kit.mine();
  expect((await closeOf(batchId)).status).toBe('EXECUTED');
  expect(await closesSigned(batchId)).toBe(1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', blockerCode: null });
  expect((await sweepBatches(kit)).batchIds).not.toContain(batchId);
  await expectPaid(kit, nextId, nextLines);
  await kit.requirePaidOnce(lines);
});

test('signed, but the vault is closed by somebody else: no bytes can use its nonce, and what waits says how to', async () => {
  const { account, batchId, nextId, nextLines } = await closingBatch({ closeGrants: 2, nextGrants: 2 });
  await completeByStranger(batchId);
  await closeVaultAsStranger(batchId);
  await kit.mine();
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH - 2);
  expect((await closeOf(batchId)).status).toBe('APPROVED');
  await kit.mine();
  expect((await closeOf(batchId)).status).toBe('CANCELLED');
  await advanceBatch(kit.engine(), batchId);
  expect(await closesSigned(batchId)).toBe(0);
  await advanceBatch(kit.engine(), nextId);
  const { blockerCode, blockerMessage } = await kit.batch(nextId);
  expect(blockerCode).toBe('NONCE_UNUSED');
  expect(blockerMessage).toMatch(/nonce 1\b.*Safe/);
  await useSafeElsewhere(kit, account);
  await kit.mine();
  await expectPaid(kit, nextId, nextLines);
});

test('signed, and its nonce is used elsewhere: not asked for again when all is delivered', async () => {
  const { account, batchId, nextId, nextLines } = await closingBatch({ closeGrants: 2, nextGrants: 2 });
  await completeByStranger(batchId);
  await useSafeElsewhere(kit, account);
  await kit.mine(FINAL_DEPTH);
  await expect.poll(async () => (await closeOf(batchId)).status).toBe('CANCELLED');
  await expectPaid(kit, nextId, nextLines);
});

test('signed, and anybody closes the vault past closeAfter: what waits takes its nonce', async () => {
  const short = { openWindowSeconds: 3_600, closeDelaySeconds: 60 };
  const { batchId, nextId } = await closingBatch({ closeGrants: 2, nextGrants: 1, ...short });
  const closeAfter = required((await kit.batch(batchId)).closeAfter, 'closeAfter');
  const timestamp = BigInt(Math.floor(closeAfter.getTime() / 1000)) + 1n;
  await kit.chain.client.setNextBlockTimestamp({ timestamp });
  await closeVaultAsStranger(batchId);
  await kit.mine(FINAL_DEPTH);
  expect((await kit.batch(batchId)).status).toBe('PARTIALLY_FAILED');
  expect((await closeOf(batchId)).status).toBe('CANCELLED');
  expect(await approvalsOf(kit, nextId)).toMatchObject([
    { status: 'STALE', safeNonce: 2n },
    { status: 'PENDING', safeNonce: 1n },
  ]);
});
