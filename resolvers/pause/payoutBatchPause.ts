import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
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
  const { id, ...done } = await writePause(context, input.reason, (database) =>
    findBatchSubject(context, database, input.payoutBatchId, 'PAYOUTS_PAUSE'),
  );
  return { payoutBatchId: id, ...done };
}
