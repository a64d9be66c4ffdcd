import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { endPause } from './endPause.ts';
import { findAccountSubject } from './pauseSubject.ts';

/**
 * Lets an account's payouts go on. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function accountResume(
  context: RequestContext,
  input: { accountId: string },
): Promise<{ accountId: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findAccountSubject(context, work.database, input.accountId, 'PAYOUTS_RESUME');
    await endPause(work, subject);
    return subject;
  });
  const { id, organizationId } = committed.value;
  return { accountId: id, eventCursor: committed.eventCursor(organizationId) };
}
