import { type Selectable, sql } from 'kysely';
import type { AssetTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

export type AssetRow = Selectable<AssetTable>;

/** Assets by id, in the order asked for. Everybody who is signed in may read them. @throws UnauthenticatedError */
export async function loadAssets(
  context: RequestContext,
  ids: readonly string[],
): Promise<(AssetRow | null)[]> {
  requireViewer(context);
  const rows = await context.log.database
    .selectFrom('asset')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .execute();
  return alignById(ids, rows);
}
