import { unitOfWork } from '../../events/unitOfWork.ts';
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
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findChainSubject(context, work.database, input, 'PAYOUTS_RESUME');
    await endPause(work, subject);
    return subject;
  });
  const { organizationId } = committed.value;
  return { organizationId, eventCursor: committed.eventCursor(organizationId) };
}
