import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
import { requireReason } from './pauseReason.ts';
import { findChainSubject } from './pauseSubject.ts';
import { writePause } from './writePause.ts';

/**
 * Stops an organization's payouts on a chain for now: nothing new is signed for them once this has answered. Pausing what
 * is paused changes nothing. Needs PAYOUTS_PAUSE.
 * @throws UserFaultsError REASON_INVALID; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function chainPause(
  context: RequestContext,
  input: { organizationId: string; chainId: string; reason: string },
): Promise<{ organizationId: string; underWay: UnderWay; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findChainSubject(context, work.database, input, 'PAYOUTS_PAUSE');
    const underWay = await writePause(work, subject, requireReason(input.reason));
    return { ...subject, underWay };
  });
  const { organizationId, underWay } = committed.value;
  return { organizationId, underWay, eventCursor: committed.eventCursor(organizationId) };
}
