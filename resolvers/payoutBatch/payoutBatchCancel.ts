import { refuse, required } from '../../core/errors.ts';
import { MAX_LIVE_APPROVALS_PER_ACCOUNT } from '../../core/limits.ts';
import { type UnitOfWork, unitOfWork } from '../../events/unitOfWork.ts';
import {
  closeNonceGaps,
  liveApprovals,
  lockApprovalQueue,
  lowestFreeNonce,
} from '../../transitions/approvalQueue.ts';
import { changeApprovalStatus } from '../../transitions/approvalStatus.ts';
import { isSignedElsewhere } from '../../transitions/isSignedElsewhere.ts';
import {
  changeBatchStatus,
  lockPayoutBatch,
  type PayoutBatchRow,
} from '../../transitions/payoutBatchStatus.ts';
import { requestApproval } from '../../transitions/requestApproval.ts';
import type { RequestContext } from '../requestContext.ts';
import { findBatch } from './findBatch.ts';

export const PAYOUT_BATCH_CANCEL_FAULTS = ['BATCH_ENDED', 'NOTHING_OWED', 'TOO_MANY_LIVE_APPROVALS'] as const;

/**
 * Stops a batch as far as it can still be stopped, and says so by its status:
 * a draft or what awaits approval is CANCELLED; what the owners have signed is CANCELLING until the chain makes it
 * certain (its nonce is used by something else, or openBy passes); what is open asks the owners to close its vault
 * early (an approval of kind PAYOUT_CLOSE). Cancelling again changes nothing.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_CANCEL_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchCancel(
  context: RequestContext,
  input: { payoutBatchId: string },
): Promise<{ payoutBatchId: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const found = await findBatch(context, work.database, input.payoutBatchId, 'BATCH_CANCEL');
    const safeNonce = await lockApprovalQueue(work.database, found.batch.accountId);
    const batch = required(await lockPayoutBatch(work.database, found.batch.id), 'The batch');
    await cancel(work, batch, safeNonce, found.viewer.userId);
    return batch;
  });
  return {
    payoutBatchId: committed.value.id,
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

async function cancel(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  safeNonce: bigint,
  userId: string,
): Promise<void> {
  switch (batch.status) {
    case 'CANCELLED':
    case 'CANCELLING':
      return;
    case 'DRAFT':
      await changeBatchStatus(work, batch, 'CANCELLED');
      return;
    case 'PENDING_APPROVAL':
      await cancelPending(work, batch);
      return;
    case 'APPROVED':
      await changeBatchStatus(work, batch, 'CANCELLING');
      return;
    case 'EXECUTING':
      await requestClose(work, batch, safeNonce, userId);
      return;
    default:
      refuse('BATCH_ENDED', `This batch has ended: it is ${batch.status.toLowerCase().replace('_', ' ')}.`);
  }
}

/** CANCELLING where signatures given at another nonce can still open it: nobody can take those back. */
async function cancelPending(work: UnitOfWork, batch: PayoutBatchRow): Promise<void> {
  const live = await liveApprovals(work.database, batch.accountId);
  let canStillOpen = false;
  for (const approval of live.filter(({ batchId }) => batchId === batch.id)) {
    canStillOpen ||= await isSignedElsewhere(work.database, approval);
    await changeApprovalStatus(work, approval, 'CANCELLED');
  }
  await changeBatchStatus(work, batch, canStillOpen ? 'CANCELLING' : 'CANCELLED');
  await closeNonceGaps(work, batch.accountId);
}

async function requestClose(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  safeNonce: bigint,
  userId: string,
): Promise<void> {
  if (batch.closedAtBlock !== null) return;
  if (batch.includedCount + batch.confirmedCount + batch.finalCount === batch.payoutCount) {
    refuse('NOTHING_OWED', 'Every payout of this batch is delivered: there is nothing left to stop.');
  }
  const live = await liveApprovals(work.database, batch.accountId);
  if (live.some(({ batchId, kind }) => batchId === batch.id && kind === 'PAYOUT_CLOSE')) return;
  if (live.length >= MAX_LIVE_APPROVALS_PER_ACCOUNT) {
    refuse(
      'TOO_MANY_LIVE_APPROVALS',
      `The account has ${live.length} approvals under way; at most ${MAX_LIVE_APPROVALS_PER_ACCOUNT} may be. Decide some first.`,
    );
  }
  await requestApproval(work, {
    batch,
    kind: 'PAYOUT_CLOSE',
    safeNonce: lowestFreeNonce(safeNonce, live),
    requestedByUserId: userId,
  });
}
