import type { UnitOfWork } from '../events/unitOfWork.ts';
import { liveApprovals } from '../transitions/approvalQueue.ts';
import { changeApprovalStatus } from '../transitions/approvalStatus.ts';
import { isThresholdReached } from '../transitions/isThresholdReached.ts';
import { changeBatchStatus, lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import type { AccountFact } from './blockFacts.ts';

/** Counts an account's live approvals again by its owners and threshold of now; those that gain or lose it move. */
export async function recountApprovals(work: UnitOfWork, account: AccountFact): Promise<void> {
  for (const approval of await liveApprovals(work.database, account.accountId)) {
    const reached = await isThresholdReached(work.database, approval, account);
    if (reached === (approval.status === 'APPROVED')) continue;
    await changeApprovalStatus(work, approval, reached ? 'APPROVED' : 'PENDING');
    const batch = await lockPayoutBatch(work.database, approval.batchId);
    if (batch === null || approval.kind !== 'PAYOUT_OPEN') continue;
    if (reached && batch.status === 'PENDING_APPROVAL') await changeBatchStatus(work, batch, 'APPROVED');
    if (!reached && batch.status === 'APPROVED') await changeBatchStatus(work, batch, 'PENDING_APPROVAL');
  }
}
