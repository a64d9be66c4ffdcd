import { sql } from 'kysely';
import type { TransferDirection } from '../../prisma/generated/database.ts';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { TransferRow } from './loadTransfers.ts';

const ORDER = idOrder<TransferRow>('transfer', 'desc');

/**
 * What the chain moved into and out of accounts, as it was indexed, newest first.
 * @param filter.direction null for both
 * @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError
 */
export function listTransfers(
  context: RequestContext,
  accountIds: readonly string[],
  page: PageArguments,
  filter: { direction: TransferDirection | null },
): Promise<Page<TransferRow>[]> {
  let transfers = context.log.database
    .selectFrom('transfer')
    .selectAll()
    .where('accountId', '=', sql.ref<string>('parent.id'))
    .where(viewerIsMember(context, sql.ref('transfer.organizationId')));
  if (filter.direction !== null) transfers = transfers.where('direction', '=', filter.direction);
  return readPages(context.log.database, accountIds, page, transfers, ORDER);
}
