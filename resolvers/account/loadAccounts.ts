import { type Selectable, sql } from 'kysely';
import type { AccountTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type AccountRow = Selectable<AccountTable>;

/** Accounts by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadAccounts(
  context: RequestContext,
  ids: readonly string[],
): Promise<(AccountRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('account')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('account.organizationId')))
    .execute();
  return alignById(ids, rows);
}
