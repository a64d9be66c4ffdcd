import type { RequestContext } from '../requestContext.ts';
import type { UnderWay } from './countUnderWay.ts';
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
  const { underWay, eventCursor } = await writePause(context, input.reason, (database) =>
    findChainSubject(context, database, input, 'PAYOUTS_PAUSE'),
  );
  return { organizationId: input.organizationId, underWay, eventCursor };
}
