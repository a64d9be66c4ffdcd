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
  const { id, ...done } = await endPause(context, (database) =>
    findAccountSubject(context, database, input.accountId, 'PAYOUTS_RESUME'),
  );
  return { accountId: id, ...done };
}
