import { sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import type { AssetRow } from './loadAssets.ts';

/** Each chain's native asset, in the order of the chains' ids. @throws UnauthenticatedError */
export async function listNativeAssets(
  context: RequestContext,
  chainIds: readonly string[],
): Promise<(AssetRow | null)[]> {
  requireViewer(context);
  const rows = await context.log.database
    .selectFrom('asset')
    .selectAll()
    .where('chainId', '=', sql<string>`any(${[...new Set(chainIds)]}::uuid[])`)
    .where('address', 'is', null)
    .execute();
  const byChain = new Map(rows.map((row) => [row.chainId, row]));
  return chainIds.map((chainId) => byChain.get(chainId) ?? null);
}
