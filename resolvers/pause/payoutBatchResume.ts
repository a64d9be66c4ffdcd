import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { endPause } from './endPause.ts';
import { findBatchSubject } from './pauseSubject.ts';

/**
 * Lets a batch go on. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function payoutBatchResume(
  context: RequestContext,
  input: { payoutBatchId: string },
): Promise<{ payoutBatchId: string; eventCursor: string | null }> {
  const committed = await unitOfWork(context.log, async (work) => {
    const subject = await findBatchSubject(context, work.database, input.payoutBatchId, 'PAYOUTS_RESUME');
    await endPause(work, subject);
    return subject;
  });
  const { id, organizationId } = committed.value;
  return { payoutBatchId: id, eventCursor: committed.eventCursor(organizationId) };
}
