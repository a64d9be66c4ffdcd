import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { liveApprovals, lockApprovalQueue, lowestFreeNonce } from '../transitions/approvalQueue.ts';
import { type ApprovalRow, changeApprovalStatus } from '../transitions/approvalStatus.ts';
import { isThresholdReached } from '../transitions/isThresholdReached.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import { requestApproval } from '../transitions/requestApproval.ts';

const NOT_EXECUTED = { executedAtBlock: null, executedTransactionId: null };

/**
 * Makes approvals that a removed block executed live again, as their signatures count now. Where another live approval
 * has their nonce, they are STALE and asked for again at a free one, but for the close of a COMPLETED batch. Their
 * accounts and batches are locked.
 * @returns the batches
 */
export async function takeBackApprovals(work: UnitOfWork, chainId: string, fork: bigint): Promise<string[]> {
  const approvals = await work.database
    .selectFrom('approval')
    .selectAll()
    .where('chainId', '=', chainId)
    .where('status', '=', 'EXECUTED')
    .where('executedAtBlock', '>', fork)
    .orderBy('id')
    .execute();
  for (const approval of approvals) {
    const live = await liveApprovals(work.database, approval.accountId);
    if (live.some((other) => other.safeNonce === approval.safeNonce)) await askAgain(work, approval, live);
    else await revive(work, approval);
  }
  return approvals.map((approval) => approval.batchId);
}

async function revive(work: UnitOfWork, approval: ApprovalRow): Promise<void> {
  const account = await findAccount(work.database, approval.accountId);
  const reached = await isThresholdReached(work.database, approval, account);
  await changeApprovalStatus(work, approval, reached ? 'APPROVED' : 'PENDING', NOT_EXECUTED);
}

async function askAgain(
  work: UnitOfWork,
  approval: ApprovalRow,
  live: readonly ApprovalRow[],
): Promise<void> {
  const asked = live.find((other) => other.batchId === approval.batchId && other.kind === approval.kind);
  const batch = await lockPayoutBatch(work.database, approval.batchId);
  const replacement =
    asked ??
    (batch === null || batch.status === 'COMPLETED'
      ? null
      : await requestApproval(work, {
          batch,
          kind: approval.kind,
          safeNonce: lowestFreeNonce(await lockApprovalQueue(work.database, approval.accountId), live),
          requestedByUserId: approval.requestedByUserId,
        }));
  await changeApprovalStatus(work, approval, 'STALE', {
    ...NOT_EXECUTED,
    replacedById: replacement?.id ?? null,
  });
}

async function findAccount(database: DatabaseTransaction, accountId: string) {
  return database
    .selectFrom('account')
    .select(['owners', 'threshold'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
}
