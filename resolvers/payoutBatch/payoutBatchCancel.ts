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

/** How many payouts of a batch a cancellation stops; they add up to all. */
export type Stoppage = {
  /** Not paid, and not to be. */
  readonly stoppedCount: number;
  /** Not paid; whether they will be is for owners and blocks to decide. */
  readonly undecidedCount: number;
  /** Paid, or signed to be. */
  readonly unstoppableCount: number;
};

/**
 * Stops a batch as far as it can still be stopped, and says so by its status: a draft or what awaits approval is CANCELLED;
 * what the owners have signed is CANCELLING until the chain makes it certain (its nonce is used by something else, or openBy
 * passes), and later batches of the account wait for that; what is open asks the owners to close its vault early (an approval
 * of kind PAYOUT_CLOSE), and no more is sent until they decide. Cancelling again changes nothing.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_CANCEL_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchCancel(
  context: RequestContext,
  input: { payoutBatchId: string },
): Promise<{ payoutBatchId: string; stoppage: Stoppage; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const found = await findBatch(context, work.database, input.payoutBatchId, 'BATCH_CANCEL');
    const safeNonce = await lockApprovalQueue(work.database, found.batch.accountId);
    const batch = required(await lockPayoutBatch(work.database, found.batch.id), 'The batch');
    return cancel(work, batch, safeNonce, found.viewer.userId);
  });
  return {
    payoutBatchId: committed.value.id,
    stoppage: stoppageOf(committed.value),
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

function stoppageOf(batch: PayoutBatchRow): Stoppage {
  const { payoutCount } = batch;
  if (batch.status === 'CANCELLED')
    return { stoppedCount: payoutCount, undecidedCount: 0, unstoppableCount: 0 };
  const undecided = batch.pendingCount + batch.undeliveredCount;
  const stopped = batch.failedCount;
  return {
    stoppedCount: stopped,
    undecidedCount: undecided,
    unstoppableCount: payoutCount - undecided - stopped,
  };
}

/** @returns the batch as it is then */
async function cancel(
  work: UnitOfWork,
  batch: PayoutBatchRow,
  safeNonce: bigint,
  userId: string,
): Promise<PayoutBatchRow> {
  switch (batch.status) {
    case 'CANCELLED':
    case 'CANCELLING':
      return batch;
    case 'DRAFT':
      return changeBatchStatus(work, batch, 'CANCELLED');
    case 'PENDING_APPROVAL':
      return cancelPending(work, batch);
    case 'APPROVED':
      return changeBatchStatus(work, batch, 'CANCELLING');
    case 'EXECUTING':
      await requestClose(work, batch, safeNonce, userId);
      return batch;
    default:
      refuse(
        'BATCH_ENDED',
        `This batch has ended: it is ${batch.status.toLowerCase().replaceAll('_', ' ')}.`,
      );
  }
}

/** CANCELLING where signatures given at another nonce can still open it: nobody can take those back. */
async function cancelPending(work: UnitOfWork, batch: PayoutBatchRow): Promise<PayoutBatchRow> {
  const live = await liveApprovals(work.database, batch.accountId);
  let canStillOpen = false;
  for (const approval of live.filter(({ batchId }) => batchId === batch.id)) {
    canStillOpen ||= await isSignedElsewhere(work.database, approval);
    await changeApprovalStatus(work, approval, 'CANCELLED');
  }
  const cancelled = await changeBatchStatus(work, batch, canStillOpen ? 'CANCELLING' : 'CANCELLED');
  await closeNonceGaps(work, batch.accountId);
  return cancelled;
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
