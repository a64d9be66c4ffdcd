import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { openTransaction } from '../../chains/evm/codec/openTransaction.ts';
import { required } from '../../core/errors.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { approvalReject } from '../../resolvers/approval/approvalReject.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { replaceApproval } from '../../transitions/approvalQueue.ts';
import { safeTransactionOf } from '../../transitions/requestApproval.ts';
import { executeElsewhere, reorgChain } from './indexerKit.ts';
import { approvalsOf, newPayees, ownerContext } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { totalOf } from './payoutsSeed.ts';

// What an attacker, or bad luck, once did to approvals: each of these paid twice, paid what was cancelled, or stopped the
// indexer for everybody.
let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit.stop());

async function reject(batchId: string): Promise<void> {
  const pending = (await approvalsOf(kit, batchId)).findLast(({ status }) => status === 'PENDING');
  const approvalId = required(pending, 'A pending approval').id;
  for (const approver of kit.approvers.slice(0, 2)) {
    await approvalReject(kit.context(approver), { approvalId, signerId: approver.signerId, reason: null });
  }
}

function cancel(payoutBatchId: string) {
  return payoutBatchCancel(ownerContext(kit), { payoutBatchId });
}

async function useNonceElsewhere(safe: `0x${string}`): Promise<void> {
  await executeElsewhere(kit, safe, { to: safe, data: '0x', operation: 0 });
}

test('a cancelled batch stays cancelled through a reorg of the open that came all the same', async () => {
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  const batchId = await kit.submitBatch(account, lines, { grants: 2 });
  await kit.mine(FINAL_DEPTH + 1);
  await cancel(batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  const [approval] = await approvalsOf(kit, batchId);
  await executeElsewhere(kit, account.address, safeTransactionOf(required(approval, 'The approval')));
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING' });
  await reorgChain(kit, 1);
  await kit.untilIndexed();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  for (let look = 0; look < 3; look += 1) {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine();
  }
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING', openedAtBlock: null });
});

test('a batch that is signed at another nonce too is not cancelled before a final block is past openBy', async () => {
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  const batchId = await kit.submitBatch(account, lines, { grants: 2, openWindowSeconds: 3_600 });
  const signed = required((await approvalsOf(kit, batchId))[0], 'The approval');
  // As a reorg leaves it whose nonce another approval took: signed here, asked for again there.
  await unitOfWork(kit.engine().log, (work) => replaceApproval(work, signed, 5n));
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
  await cancel(batchId);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  const openBy = required((await kit.batch(batchId)).openBy, 'openBy');
  const beyond = BigInt(Math.floor(openBy.getTime() / 1000) + 1);
  await kit.chain.client.setNextBlockTimestamp({ timestamp: beyond });
  await kit.mine(FINAL_DEPTH - 1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLING' });
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'CANCELLED' });
});

test('a batch comes back to a nonce that it had, and nobody’s approvals are held up', async () => {
  const account = await kit.openAccount(10_000_000n);
  const other = await kit.openAccount(10_000_000n);
  const refused = await kit.submitBatch(account, newPayees(2), { grants: 0 });
  const moved = await kit.submitBatch(account, newPayees(2), { grants: 0 });
  const bystander = await kit.submitBatch(other, newPayees(2), { grants: 0 });
  await reject(refused);
  await useNonceElsewhere(account.address);
  await useNonceElsewhere(other.address);
  await kit.mine(FINAL_DEPTH + 3);
  await expect
    .poll(async () => (await approvalsOf(kit, moved)).map(({ status, safeNonce }) => [status, safeNonce]))
    .toEqual([
      ['STALE', 1n],
      ['STALE', 0n],
      ['PENDING', 1n],
    ]);
  await expect
    .poll(async () => (await approvalsOf(kit, bystander)).map(({ status, safeNonce }) => [status, safeNonce]))
    .toEqual([
      ['STALE', 0n],
      ['PENDING', 1n],
    ]);
});

test('an early close that was rejected can be asked for again', async () => {
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  const batchId = await kit.submitBatch(account, lines, { grants: 2 });
  await kit.openBatch(batchId);
  await cancel(batchId);
  await reject(batchId);
  await cancel(batchId);
  const closes = (await approvalsOf(kit, batchId)).filter(({ kind }) => kind === 'PAYOUT_CLOSE');
  expect(closes.map(({ status }) => status)).toEqual(['REJECTED', 'PENDING']);
});

test('owners who open an expired batch by themselves stop no one’s indexer', async () => {
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines) * 2n);
  const batchId = await kit.submitBatch(account, lines, { grants: 0, openWindowSeconds: 60 });
  const batch = await kit.batch(batchId);
  const openBySeconds = Math.floor(required(batch.openBy, 'openBy').getTime() / 1000);
  await kit.chain.client.setNextBlockTimestamp({ timestamp: BigInt(openBySeconds + 2) });
  await kit.mine(FINAL_DEPTH + 1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXPIRED' });
  const loaded = required(await loadBatch(kit.database, batchId), 'The batch');
  const closeAfter = BigInt(Math.floor(required(batch.closeAfter, 'closeAfter').getTime() / 1000));
  const open = openTransaction(
    { factory: loaded.domain.factory, vault: loaded.vault, nonce: 0n },
    {
      batchId: batchIdFromUuid(batchId),
      token: loaded.token.address,
      total: batch.totalUnits,
      root: batch.merkleRoot as `0x${string}`,
      chunkCount: batch.chunkCount,
      gasPerPayout: batch.gasPerPayout,
      openBy: closeAfter,
      closeAfter,
    },
  );
  await executeElsewhere(kit, account.address, open);
  await kit.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXECUTING', statusBeforeOpen: 'EXPIRED' });
});
