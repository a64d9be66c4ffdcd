import { sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * Signs out: the session ends at once, for its open streams too.
 * @param input.everywhere ends every session of the viewer, not just the one that the request came with
 * @throws UnauthenticatedError
 */
export async function sessionDelete(context: RequestContext, input: { everywhere: boolean }): Promise<void> {
  const { sessionId, userId } = requireViewer(context);
  const sessions = context.log.database
    .updateTable('session')
    .set({ revokedAt: sql<Date>`now()` })
    .where('revokedAt', 'is', null);
  await (input.everywhere
    ? sessions.where('userId', '=', userId)
    : sessions.where('id', '=', sessionId)
  ).execute();
}
