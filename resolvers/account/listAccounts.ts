import { sql } from 'kysely';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { AccountRow } from './loadAccounts.ts';

const ORDER = idOrder<AccountRow>('account', 'asc');

/**
 * Accounts of organizations, oldest first.
 * @param filter.chainId uuid; null for all chains
 * @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError
 */
export function listAccounts(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  filter: { chainId: string | null },
): Promise<Page<AccountRow>[]> {
  let accounts = context.log.database
    .selectFrom('account')
    .selectAll()
    .where('organizationId', '=', sql.ref<string>('parent.id'))
    .where(viewerIsMember(context, sql.ref('account.organizationId')));
  if (filter.chainId !== null) accounts = accounts.where('chainId', '=', filter.chainId);
  return readPages(context.log.database, organizationIds, page, accounts, ORDER);
}
