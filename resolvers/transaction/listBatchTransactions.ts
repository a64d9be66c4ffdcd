import { sql } from 'kysely';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import { type ChainTransactionRow, transactionColumns } from './loadChainTransactions.ts';

const ORDER = idOrder<ChainTransactionRow>('batchTransaction', 'asc');

/**
 * Transactions made for batches or known to have touched them, oldest first.
 * @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError
 */
export function listBatchTransactions(
  context: RequestContext,
  batchIds: readonly string[],
  page: PageArguments,
  _filter: null,
): Promise<Page<ChainTransactionRow>[]> {
  const transactions = context.log.database
    .selectFrom('chainTransaction')
    .select(transactionColumns(context))
    .where('batchId', '=', sql.ref<string>('parent.id'))
    .where(viewerIsMember(context, sql.ref('chainTransaction.organizationId')));
  return readPages(context.log.database, batchIds, page, transactions, ORDER);
}
