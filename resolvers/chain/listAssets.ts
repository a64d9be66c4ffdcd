import { sql } from 'kysely';
import { requireViewer } from '../authorize.ts';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import type { AssetRow } from './loadAssets.ts';

const ORDER = idOrder<AssetRow>('asset', 'asc');

/** Assets known on chains, in the order in which they were added. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listAssets(
  context: RequestContext,
  chainIds: readonly string[],
  page: PageArguments,
  _filter: null,
): Promise<Page<AssetRow>[]> {
  requireViewer(context);
  const assets = context.log.database
    .selectFrom('asset')
    .selectAll()
    .where('chainId', '=', sql.ref<string>('parent.id'));
  return readPages(context.log.database, chainIds, page, assets, ORDER);
}
