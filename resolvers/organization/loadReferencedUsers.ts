import { sql } from 'kysely';
import { alignById } from '../alignById.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import type { UserRow } from './loadUsers.ts';

/**
 * Users that an object the viewer already reads refers to: who made a batch stays named after they left the organization.
 * @throws UnauthenticatedError
 */
export async function loadReferencedUsers(
  context: RequestContext,
  ids: readonly string[],
): Promise<(UserRow | null)[]> {
  requireViewer(context);
  const rows = await context.log.database
    .selectFrom('appUser')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return alignById(ids, rows);
}
