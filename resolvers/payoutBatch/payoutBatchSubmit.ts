import { refuse, required } from '../../core/errors.ts';
import {
  DEFAULT_CLOSE_DELAY_SECONDS,
  DEFAULT_OPEN_WINDOW_SECONDS,
  MAX_CLOSE_DELAY_SECONDS,
  MAX_OPEN_WINDOW_SECONDS,
  MIN_OPEN_WINDOW_SECONDS,
} from '../../core/limits.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { lockApprovalQueue } from '../../transitions/approvalQueue.ts';
import { lockPayoutBatch } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { findBatch } from './findBatch.ts';
import { submitDraft } from './submitDraft.ts';

export const PAYOUT_BATCH_SUBMIT_FAULTS = [
  'BATCH_CANCELLED',
  'ACCOUNT_UNSAFE',
  'TOO_MANY_LIVE_APPROVALS',
  'OPEN_WINDOW_OUT_OF_RANGE',
  'CLOSE_DELAY_OUT_OF_RANGE',
] as const;

export type PayoutBatchSubmitInput = {
  payoutBatchId: string;
  /** How long approvers have; past it the chain refuses to open the batch. Default 7 days. */
  openWindowSeconds: number | null;
  /** How long after that anyone may close the vault although it still owes. Default 7 days. */
  closeDelaySeconds: number | null;
};

/**
 * Asks the account's owners to approve a draft: fixes its deadlines and its manifest, gives it the next free Safe nonce,
 * and writes the Safe transaction to be signed. Submitting what was submitted changes nothing.
 * @throws UserFaultsError with a code of PAYOUT_BATCH_SUBMIT_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchSubmit(
  context: RequestContext,
  input: PayoutBatchSubmitInput,
): Promise<{ payoutBatchId: string; eventCursor: string | null }> {
  const openWindow = input.openWindowSeconds ?? DEFAULT_OPEN_WINDOW_SECONDS;
  const closeDelay = input.closeDelaySeconds ?? DEFAULT_CLOSE_DELAY_SECONDS;
  requireWithin(
    'OPEN_WINDOW_OUT_OF_RANGE',
    'openWindowSeconds',
    openWindow,
    MIN_OPEN_WINDOW_SECONDS,
    MAX_OPEN_WINDOW_SECONDS,
  );
  requireWithin('CLOSE_DELAY_OUT_OF_RANGE', 'closeDelaySeconds', closeDelay, 0, MAX_CLOSE_DELAY_SECONDS);
  const committed = await unitOfWork(context.log, async (work) => {
    const found = await findBatch(context, work.database, input.payoutBatchId, 'BATCH_SUBMIT');
    const safeNonce = await lockApprovalQueue(work.database, found.batch.accountId);
    const batch = required(await lockPayoutBatch(work.database, found.batch.id), 'The batch');
    if (batch.status === 'CANCELLED' && batch.submittedAt === null) {
      refuse('BATCH_CANCELLED', 'This draft was cancelled. Import the file again to pay it.');
    }
    if (batch.status !== 'DRAFT') return batch;
    return submitDraft(work, batch, {
      safeNonce,
      openWindowSeconds: openWindow,
      closeDelaySeconds: closeDelay,
      userId: found.viewer.userId,
    });
  });
  return {
    payoutBatchId: committed.value.id,
    eventCursor: committed.eventCursor(committed.value.organizationId),
  };
}

function requireWithin(
  code: (typeof PAYOUT_BATCH_SUBMIT_FAULTS)[number],
  field: string,
  value: number,
  least: number,
  most: number,
): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(code, `${field} is a whole number from ${least} to ${most}.`, ['input', field]);
  }
}
