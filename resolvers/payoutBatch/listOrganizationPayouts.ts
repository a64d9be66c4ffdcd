import { type RawBuilder, sql } from 'kysely';
import { getAddress, isAddress } from 'viem';
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
  name: 'organizationPayout',
  direction: 'desc',
  columns: [
    { column: 'batchId', type: 'uuid' },
    { column: 'rowIndex', type: 'int' },
  ],
  keyOf: (row) => [row.batchId, row.rowIndex],
};

export type OrganizationPayoutFilter = {
  /** Exactly this reference; null for all. */
  reference: string | null;
  /** Exactly this address, in whatever case; null for all. */
  recipient: string | null;
  /** Null for all. */
  statuses: readonly PayoutStatus[] | null;
};

/**
 * Payouts of organizations: newest batch first, and in a batch the last row first.
 * @throws UnauthenticatedError, BadUserInputError, LimitExceededError, PageCursorInvalidError
 */
export async function listOrganizationPayouts(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  filter: OrganizationPayoutFilter,
): Promise<Page<PayoutRow>[]> {
  const payouts = sql`(
    select ${payoutColumns} ${payoutSource(filter, page)}
      and batch.organization_id = parent.id
      and ${viewerIsMember(context, sql.ref('batch.organizationId'))})`;
  return readPages(context.log.database, organizationIds, page, payouts, ORDER, payoutStatus);
}

/** From where the rows come, up to a first condition: whatever narrows them down most is looked up first. */
function payoutSource(
  { reference, recipient, statuses }: OrganizationPayoutFilter,
  page: PageArguments,
): RawBuilder<unknown> {
  if (reference === null && recipient === null) {
    if (statuses === null) {
      return sql`from payout_batch as batch join payout on payout.batch_id = batch.id where true`;
    }
    return sql`
      from payout_batch as batch cross join lateral (${chosenRows(statuses, page)}) as chosen
      join payout on payout.batch_id = batch.id and payout.row_index = chosen.row_index
      where ${anyOfStatus(statuses)} and ${withinPage(page)}`;
  }
  const conditions = [sql`payout.organization_id = parent.id`];
  if (reference !== null) conditions.push(sql`payout.reference = ${reference}`);
  if (recipient !== null) conditions.push(sql`payout.recipient = ${canonicalAddress(recipient)}`);
  if (statuses !== null) conditions.push(hasStatus(statuses));
  return sql`
    from payout join payout_batch as batch on batch.id = payout.batch_id
    where ${sql.join(conditions, sql` and `)}`;
}

/** Stored addresses are checksummed; people search with any case. @throws BadUserInputError */
function canonicalAddress(text: string): string {
  const trimmed = text.trim();
  if (!isAddress(trimmed, { strict: false })) {
    throw new BadUserInputError('`recipient` is an address: 0x and 40 hexadecimal digits.');
  }
  return getAddress(trimmed);
}

/** The rows of one batch that can be on the page: those of the cursors' own batches end there. */
function chosenRows(statuses: readonly PayoutStatus[], page: PageArguments): RawBuilder<unknown> {
  const { size, backward } = pageSize(page);
  const bound = (cursor: string | null | undefined, step: number, otherwise: number) => {
    if (cursor == null) return sql<number>`${otherwise}::int`;
    const [batchId, rowIndex] = decodeCursor(ORDER, cursor);
    const row = Number(rowIndex) + step;
    return sql<number>`case when batch.id = ${batchId}::uuid then ${row}::int else ${otherwise}::int end`;
  };
  return rowsWithStatus({
    statuses,
    // Descending: what comes after a cursor stands below it.
    first: bound(page.before, 1, 0),
    last: bound(page.after, -1, MAX_PAYOUTS_PER_BATCH),
    direction: backward ? 'asc' : 'desc',
    limit: size + 1,
  });
}

/** Batches beyond the cursors are not looked into. */
function withinPage(page: PageArguments): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (page.after != null) conditions.push(sql`batch.id <= ${decodeCursor(ORDER, page.after)[0]}::uuid`);
  if (page.before != null) conditions.push(sql`batch.id >= ${decodeCursor(ORDER, page.before)[0]}::uuid`);
  return sql.join(conditions, sql` and `);
}

const COUNT_COLUMN: Record<PayoutStatus, string> = {
  PENDING: 'batch.pendingCount',
  SUBMITTED: 'batch.submittedCount',
  INCLUDED: 'batch.includedCount',
  CONFIRMED: 'batch.confirmedCount',
  FINAL: 'batch.finalCount',
  UNDELIVERED: 'batch.undeliveredCount',
  FAILED: 'batch.failedCount',
};

/** The kept counts say which batches to look into at all. */
function anyOfStatus(statuses: readonly PayoutStatus[]): RawBuilder<unknown> {
  if (statuses.length === 0) return sql`false`;
  const counts = [...new Set(statuses)].map((status) => sql`${sql.ref(COUNT_COLUMN[status])} > 0`);
  return sql`(${sql.join(counts, sql` or `)})`;
}
