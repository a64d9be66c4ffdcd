import { type Selectable, sql } from 'kysely';
import type { PayeeTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type PayeeRow = Selectable<PayeeTable>;

/** Payees by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadPayees(
  context: RequestContext,
  ids: readonly string[],
): Promise<(PayeeRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('payee')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('payee.organizationId')))
    .execute();
  return alignById(ids, rows);
}
