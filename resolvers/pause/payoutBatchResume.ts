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
  const { id, ...done } = await endPause(context, (database) =>
    findBatchSubject(context, database, input.payoutBatchId, 'PAYOUTS_RESUME'),
  );
  return { payoutBatchId: id, ...done };
}
