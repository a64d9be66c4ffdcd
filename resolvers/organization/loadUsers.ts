import { type Selectable, sql } from 'kysely';
import type { UserTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerKnowsUser } from './viewerKnowsUser.ts';

export type UserRow = Selectable<UserTable>;

/** Users by id, in the order asked for; null for those the viewer shares no organization with. @throws UnauthenticatedError */
export async function loadUsers(
  context: RequestContext,
  ids: readonly string[],
): Promise<(UserRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('appUser')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerKnowsUser(context, sql.ref('appUser.id')))
    .execute();
  return alignById(ids, rows);
}
