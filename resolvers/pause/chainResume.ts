import type { RequestContext } from '../requestContext.ts';
import { endPause } from './endPause.ts';
import { findChainSubject } from './pauseSubject.ts';

/**
 * Lets an organization's payouts on a chain go on. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function chainResume(
  context: RequestContext,
  input: { organizationId: string; chainId: string },
): Promise<{ organizationId: string; eventCursor: string | null }> {
  const { eventCursor } = await endPause(context, (database) =>
    findChainSubject(context, database, input, 'PAYOUTS_RESUME'),
  );
  return { organizationId: input.organizationId, eventCursor };
}
