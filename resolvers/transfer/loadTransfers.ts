import { type Selectable, sql } from 'kysely';
import type { TransferTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type TransferRow = Selectable<TransferTable>;

/** Transfers by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadTransfers(
  context: RequestContext,
  ids: readonly string[],
): Promise<(TransferRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('transfer')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('transfer.organizationId')))
    .execute();
  return alignById(ids, rows);
}
