import { sql } from 'kysely';
import { BadUserInputError, required } from '../../core/errors.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export const DEFAULT_VOLUME_DAYS = 30;
export const MAX_VOLUME_DAYS = 366;

/** What an organization paid of one asset on one day. */
export type PayoutVolumeRow = {
  /** The day, in UTC, of the blocks that paid: "2026-11-20". */
  day: string;
  assetId: string;
  /** Base units. */
  totalUnits: bigint;
  payoutCount: number;
};

type VolumeKey = { organizationId: string; days: number };

/** The loader's key for an organization's last days. @throws BadUserInputError for a number of days out of range */
export function payoutVolumeKey({ organizationId, days }: VolumeKey): string {
  if (days < 1 || days > MAX_VOLUME_DAYS) {
    throw new BadUserInputError(`days is a whole number from 1 to ${MAX_VOLUME_DAYS}.`);
  }
  return `${organizationId}:${days}`;
}

/**
 * Final payouts of organizations by day and asset, earliest day first; the last day is today or, where a chain's newest
 * block is of a later day, that one. Sums chunks, whose totals are kept, and mends them by the rows that differ from their
 * chunk: those that were not delivered count not at all, or on the day of the retry that delivered them.
 * @param keys of `payoutVolumeKey`
 * @returns lists in the order of `keys`
 * @throws UnauthenticatedError
 */
export async function loadPayoutVolumes(
  context: RequestContext,
  keys: readonly string[],
): Promise<PayoutVolumeRow[][]> {
  const asked = keys.map((key) => {
    const [organizationId, days] = key.split(':');
    return { organizationId: required(organizationId, 'The organization'), days: Number(days) };
  });
  const { rows } = await sql<PayoutVolumeRow & { key: string }>`
    with asked as (
      select key, organization_id, date_trunc('day', greatest(now(),
        (select max(head_timestamp) from chain)), 'UTC') - (days - 1) * interval '1 day' as since
      from unnest(${[...keys]}::text[], ${asked.map((one) => one.organizationId)}::uuid[],
        ${asked.map((one) => one.days)}::int[]) as asked (key, organization_id, days)
    ), paid as (
      select asked.key, chunk.batch_id, chunk.included_at, chunk.total_units - missing.units as units,
        chunk.row_count - missing.payouts as payouts
      from asked
      join payout_chunk as chunk on chunk.organization_id = asked.organization_id
        and chunk.status = 'FINAL' and chunk.included_at >= asked.since
      cross join lateral (
        select coalesce(sum(payout.units), 0) as units, count(*) as payouts
        from payout_exception as exception
        join payout on payout.batch_id = exception.batch_id and payout.row_index = exception.row_index
        where exception.batch_id = chunk.batch_id
          and exception.row_index between chunk.first_row_index and chunk.first_row_index + chunk.row_count - 1
      ) as missing
      union all
      select asked.key, exception.batch_id, transaction.included_at, payout.units, 1
      from asked
      join payout_exception as exception on exception.organization_id = asked.organization_id
        and exception.status = 'FINAL'
      join chain_transaction as transaction on transaction.id = exception.transaction_id
        and transaction.included_at >= asked.since
      join payout on payout.batch_id = exception.batch_id and payout.row_index = exception.row_index
    )
    select paid.key, to_char(paid.included_at at time zone 'UTC', 'YYYY-MM-DD') as day, batch.asset_id,
      sum(paid.units) as total_units, sum(paid.payouts)::int as payout_count
    from paid join payout_batch as batch on batch.id = paid.batch_id
    where ${viewerIsMember(context, sql.ref('batch.organizationId'))}
    group by paid.key, day, batch.asset_id
    having sum(paid.payouts) > 0
    order by day, batch.asset_id`.execute(context.log.database);
  const byKey = Map.groupBy(rows, (row) => row.key);
  return keys.map((key) => byKey.get(key) ?? []);
}
