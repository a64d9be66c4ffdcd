import { sql } from 'kysely';
import { BadUserInputError } from '../../core/errors.ts';
import { MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import type { PayoutStatus } from '../../prisma/generated/database.ts';
import {
  decodeCursor,
  type KeysetOrder,
  type Page,
  type PageArguments,
  pageSize,
  readPages,
} from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import {
  hasStatus,
  type PayoutRow,
  payoutColumns,
  payoutStatus,
  rowsWithStatus,
} from './readPayoutStatus.ts';

const ORDER: KeysetOrder<PayoutRow> = {
  name: 'batchPayout',
  direction: 'asc',
  columns: [{ column: 'rowIndex', type: 'int' }],
  keyOf: (row) => [row.rowIndex],
};

export type BatchPayoutFilter = {
  /** Only rows from this index on, 0 or more; null for all. */
  fromIndex: number | null;
  /** Null for all. */
  statuses: readonly PayoutStatus[] | null;
  /** Whether the recipient was new when the batch was made; null for all. */
  newRecipient: boolean | null;
};

/**
 * Payouts of batches, in the file's order.
 * @throws UnauthenticatedError, BadUserInputError, LimitExceededError, PageCursorInvalidError
 */
export async function listBatchPayouts(
  context: RequestContext,
  batchIds: readonly string[],
  page: PageArguments,
  filter: BatchPayoutFilter,
): Promise<Page<PayoutRow>[]> {
  if (filter.fromIndex !== null && filter.fromIndex < 0) {
    throw new BadUserInputError('`fromIndex` is 0 or more: rows are counted from 0.');
  }
  const from = filter.fromIndex === null ? sql`` : sql`and payout.row_index >= ${filter.fromIndex}`;
  const isNew =
    filter.newRecipient === null
      ? sql``
      : filter.newRecipient
        ? sql`and payout.is_new_recipient`
        : sql`and not payout.is_new_recipient`;
  // Rows of a status are looked up page by page, which leaves no choice among them: with two filters, every row is tried.
  const statuses = filter.newRecipient === null ? filter.statuses : null;
  const ofStatus =
    filter.newRecipient === null || filter.statuses === null ? sql`` : sql`and ${hasStatus(filter.statuses)}`;
  const chosen =
    statuses === null
      ? sql`join payout on payout.batch_id = batch.id`
      : sql`cross join lateral (${chosenRows(statuses, page, filter.fromIndex ?? 0)}) as chosen
          join payout on payout.batch_id = batch.id and payout.row_index = chosen.row_index`;
  const payouts = sql`(
    select ${payoutColumns} from payout_batch as batch ${chosen}
    where batch.id = parent.id ${from} ${isNew} ${ofStatus} and ${viewerIsMember(context, sql.ref('batch.organizationId'))})`;
  return readPages(context.log.database, batchIds, page, payouts, ORDER, payoutStatus);
}

function chosenRows(statuses: readonly PayoutStatus[], page: PageArguments, fromIndex: number) {
  const { size, backward } = pageSize(page);
  const after = page.after == null ? -1 : Number(decodeCursor(ORDER, page.after)[0]);
  const before = page.before == null ? MAX_PAYOUTS_PER_BATCH : Number(decodeCursor(ORDER, page.before)[0]);
  return rowsWithStatus({
    statuses,
    first: sql`${Math.max(after + 1, fromIndex)}::int`,
    last: sql`${before - 1}::int`,
    direction: backward ? 'desc' : 'asc',
    limit: size + 1,
  });
}
