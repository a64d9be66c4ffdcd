import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
import { requireReason } from './pauseReason.ts';
import { findAccountSubject } from './pauseSubject.ts';
import { writePause } from './writePause.ts';

/**
 * Stops an account's payouts for now: nothing new is signed for them once this has answered. Pausing what is paused changes
 * nothing. Needs PAYOUTS_PAUSE.
 * @throws UserFaultsError REASON_INVALID; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function accountPause(
  context: RequestContext,
  input: { accountId: string; reason: string },
): Promise<{ accountId: string; underWay: UnderWay; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findAccountSubject(context, work.database, input.accountId, 'PAYOUTS_PAUSE');
    const underWay = await writePause(work, subject, requireReason(input.reason));
    return { ...subject, underWay };
  });
  const { id, organizationId, underWay } = committed.value;
  return { accountId: id, underWay, eventCursor: committed.eventCursor(organizationId) };
}
