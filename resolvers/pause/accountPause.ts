import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
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
  const { id, ...done } = await writePause(context, input.reason, (database) =>
    findAccountSubject(context, database, input.accountId, 'PAYOUTS_PAUSE'),
  );
  return { accountId: id, ...done };
}
