import { sql } from 'kysely';
import { RESERVING_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';
import { type KeysetOrder, type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** What an account holds of one asset, in base units. */
export type BalanceRow = {
  accountId: string;
  assetId: string;
  totalUnits: bigint;
  /** Set aside by batches that wait for approval, are approved, or are being cancelled. */
  reservedUnits: bigint;
  /** The rest; less than zero when more is promised than the account holds. */
  availableUnits: bigint;
  asOfBlock: bigint;
};

const ORDER: KeysetOrder<BalanceRow> = {
  name: 'balance',
  direction: 'asc',
  columns: [{ column: 'assetId', type: 'uuid' }],
  keyOf: (row) => [row.assetId],
};

/**
 * Balances of accounts as the chain said when it last moved them, one an asset, in the order in which assets were added.
 * @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError
 */
export function listBalances(
  context: RequestContext,
  accountIds: readonly string[],
  page: PageArguments,
  _filter: null,
): Promise<Page<BalanceRow>[]> {
  const balances = sql<BalanceRow>`(
    select balance.account_id, balance.asset_id, balance.units as total_units,
      reserved.units as reserved_units, balance.units - reserved.units as available_units, balance.as_of_block
    from account_balance as balance cross join lateral (
      select coalesce(sum(batch.total_units), 0) as units from payout_batch as batch
      where batch.account_id = balance.account_id and batch.asset_id = balance.asset_id
        and batch.status in (${sql.join(RESERVING_BATCH_STATUSES.map((status) => sql`${status}`))})
    ) as reserved
    where balance.account_id = parent.id and ${viewerIsMember(context, sql.ref('balance.organizationId'))})`;
  return readPages(context.log.database, accountIds, page, balances, ORDER);
}
