import { type Selectable, sql } from 'kysely';
import type { ChainTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

export type ChainRow = Selectable<ChainTable>;

/** Chains by id, in the order asked for. Everybody who is signed in may read them. @throws UnauthenticatedError */
export async function loadChains(
  context: RequestContext,
  ids: readonly string[],
): Promise<(ChainRow | null)[]> {
  requireViewer(context);
  const rows = await context.log.database
    .selectFrom('chain')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return alignById(ids, rows);
}
