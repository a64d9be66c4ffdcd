import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { PayoutFailureCode, PayoutStatus, PayoutTable } from '../../prisma/generated/database.ts';
import type { PageDecoration } from '../keyset.ts';

/** A payout with what follows from its chunk, or from its own exception where it has one. */
export type PayoutRow = Selectable<PayoutTable> & {
  assetId: string;
  status: PayoutStatus;
  /** The transaction that landed; null before that. */
  transactionId: string | null;
  failureCode: PayoutFailureCode | null;
  failureMessage: string | null;
};

/** What a query of payouts selects, from `payout` and `batch`, to be decorated with `payoutStatus`. */
export const payoutColumns = sql`payout.*, batch.asset_id, batch.rows_per_chunk`;

/**
 * A payout's row is never updated: where it stands is its exception's status if there is one, and its chunk's otherwise.
 * Chunks of a batch all hold rows_per_chunk rows, but the last. For rows of `payoutColumns` under the name `item`.
 */
export const payoutStatus: PageDecoration = {
  columns: sql`
    item.*,
    coalesce(exception.status, chunk.status) as status,
    case
      when exception.status is not null then exception.transaction_id
      when chunk.status in ('INCLUDED', 'CONFIRMED', 'FINAL') then chunk.transaction_id
    end as transaction_id,
    exception.failure_code, exception.failure_message`,
  joins: sql`
    join payout_chunk as chunk
      on chunk.batch_id = item.batch_id and chunk.chunk_index = item.row_index / item.rows_per_chunk
    left join payout_exception as exception
      on exception.batch_id = item.batch_id and exception.row_index = item.row_index`,
};

/** The condition that a row of `payout` and `batch` has one of these statuses. */
export function hasStatus(statuses: readonly PayoutStatus[]): RawBuilder<unknown> {
  return sql`coalesce(
    (select own.status from payout_exception as own
      where own.batch_id = payout.batch_id and own.row_index = payout.row_index),
    (select part.status from payout_chunk as part
      where part.batch_id = payout.batch_id and part.chunk_index = payout.row_index / batch.rows_per_chunk)
  ) = any(${[...statuses]}::"PayoutStatus"[])`;
}

export type RowsWithStatus = {
  statuses: readonly PayoutStatus[];
  /** The rows of `batch` to look at, first and last included. */
  first: RawBuilder<number>;
  last: RawBuilder<number>;
  direction: 'asc' | 'desc';
  limit: number;
};

/**
 * Indexes (`row_index`) of the first rows of `batch` that have one of these statuses, at most twice `limit` and all of the
 * first `limit` among them. Looks through chunks and exceptions, in order and only as far as it must: one undelivered
 * row among a hundred thousand is found without reading the others.
 */
export function rowsWithStatus(query: RowsWithStatus): RawBuilder<unknown> {
  const { first, last, limit } = query;
  const direction = query.direction === 'asc' ? sql`asc` : sql`desc`;
  const wanted = sql`any(${[...query.statuses]}::"PayoutStatus"[])`;
  return sql`
    (select own.row_index from payout_exception as own
      where own.batch_id = batch.id and own.status = ${wanted} and own.row_index between ${first} and ${last}
      order by own.row_index ${direction} limit ${limit})
    union all
    (select generated.row_index from payout_chunk as part
      cross join lateral generate_series(
        greatest(part.first_row_index, ${first}),
        least(part.first_row_index + part.row_count - 1, ${last})) as generated (row_index)
      where part.batch_id = batch.id and part.status = ${wanted}
        and part.first_row_index + part.row_count > ${first} and part.first_row_index <= ${last}
        and not exists (
          select from payout_exception as own
          where own.batch_id = batch.id and own.row_index = generated.row_index)
      order by part.chunk_index ${direction}, generated.row_index ${direction} limit ${limit})`;
}
