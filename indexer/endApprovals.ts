import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { PayoutBatchStatus } from '../prisma/generated/database.ts';
import { closeNonceGaps } from '../transitions/approvalQueue.ts';
import {
  type ApprovalRow,
  changeApprovalStatus,
  LIVE_APPROVAL_STATUSES,
} from '../transitions/approvalStatus.ts';
import { changeBatchStatus, lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';

/** A live approval that a final block ends, or may end. */
export type EndedApproval = {
  readonly id: string;
  readonly accountId: string;
  readonly batchId: string;
  /**
   * EXPIRED: its time is over. SUPERSEDED: what it asks for has been done by other means; a vault is opened and closed
   * once, so its signatures are void. NEEDLESS: a close without all its signatures, ended if its batch is COMPLETED.
   */
  readonly reason: 'EXPIRED' | 'SUPERSEDED' | 'NEEDLESS';
};

/**
 * Ends approvals and their batches, and lets others move up to their nonces. Their accounts and batches are locked, and the
 * batches settled. A close with all its signatures stays until its vault is closed: the engine executes it, whatever is
 * left for it to do, since it has its nonce and anybody can execute it.
 */
export async function endApprovals(work: UnitOfWork, ended: readonly EndedApproval[]): Promise<void> {
  const freed = new Set<string>();
  for (const { id, reason } of ended) {
    const approval = await findLive(work.database, id);
    // What this very block executed lives no more.
    if (approval === null) continue;
    const { batchStatus, ...live } = approval;
    if (reason === 'NEEDLESS' && (live.status !== 'PENDING' || batchStatus !== 'COMPLETED')) continue;
    await changeApprovalStatus(work, live, reason === 'EXPIRED' ? 'EXPIRED' : 'CANCELLED');
    freed.add(live.accountId);
    if (reason === 'EXPIRED' && live.kind === 'PAYOUT_OPEN') await expireBatch(work, live.batchId);
    // What held the close holds the batch no more.
    if (live.kind === 'PAYOUT_CLOSE') {
      await work.enqueue('batch.advance', { batchId: live.batchId }, live.batchId);
    }
  }
  for (const accountId of [...freed].sort()) await closeNonceGaps(work, accountId);
}

async function expireBatch(work: UnitOfWork, batchId: string): Promise<void> {
  const batch = await lockPayoutBatch(work.database, batchId);
  if (batch === null || batch.openedAtBlock !== null) return;
  if (batch.status === 'CANCELLING') await changeBatchStatus(work, batch, 'CANCELLED');
  if (batch.status === 'PENDING_APPROVAL' || batch.status === 'APPROVED') {
    await changeBatchStatus(work, batch, 'EXPIRED');
  }
}

/** Batches that were being cancelled with no approval left: past openBy in a final block nothing can open them. */
export async function endCancelling(work: UnitOfWork, chainId: string, finalTimestamp: Date): Promise<void> {
  const batches = await work.database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('chainId', '=', chainId)
    .where('status', '=', 'CANCELLING')
    .where('openedAtBlock', 'is', null)
    .where('openBy', '<', finalTimestamp)
    .orderBy('id')
    .forUpdate()
    .execute();
  for (const batch of batches) await changeBatchStatus(work, batch, 'CANCELLED');
}

async function findLive(
  database: DatabaseTransaction,
  approvalId: string,
): Promise<(ApprovalRow & { batchStatus: PayoutBatchStatus }) | null> {
  const approval = await database
    .selectFrom('approval')
    .innerJoin('payoutBatch', 'payoutBatch.id', 'approval.batchId')
    .selectAll('approval')
    .select('payoutBatch.status as batchStatus')
    .where('approval.id', '=', approvalId)
    .where('approval.status', 'in', LIVE_APPROVAL_STATUSES)
    .executeTakeFirst();
  return approval ?? null;
}
