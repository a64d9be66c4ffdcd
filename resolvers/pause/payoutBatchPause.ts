import { refuse } from '../../core/errors.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { ENDED_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
import { requireReason } from './pauseReason.ts';
import { findBatchSubject } from './pauseSubject.ts';
import { writePause } from './writePause.ts';

/**
 * Stops a batch for now: nothing new is signed for it once this has answered. Whatever has not ended can be paused, a
 * draft too. Pausing what is paused changes nothing. Needs PAYOUTS_PAUSE.
 * @throws UserFaultsError REASON_INVALID, BATCH_ENDED; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchPause(
  context: RequestContext,
  input: { payoutBatchId: string; reason: string },
): Promise<{ payoutBatchId: string; underWay: UnderWay; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findBatchSubject(context, work.database, input.payoutBatchId, 'PAYOUTS_PAUSE');
    const reason = requireReason(input.reason);
    const { status } = subject.batch;
    if (ENDED_BATCH_STATUSES.includes(status)) {
      const state = status.toLowerCase().replaceAll('_', ' ');
      refuse('BATCH_ENDED', `This batch has ended: it is ${state}. There is nothing left to pause.`);
    }
    return { ...subject, underWay: await writePause(work, subject, reason) };
  });
  const { id, organizationId, underWay } = committed.value;
  return { payoutBatchId: id, underWay, eventCursor: committed.eventCursor(organizationId) };
}
