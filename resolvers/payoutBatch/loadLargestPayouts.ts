import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import { type PayoutRow, payoutColumns, payoutStatus } from './readPayoutStatus.ts';

/** The largest payout of each batch, in the order of `batchIds`; null for strangers' batches. @throws UnauthenticatedError */
export async function loadLargestPayouts(
  context: RequestContext,
  batchIds: readonly string[],
): Promise<(PayoutRow | null)[]> {
  const { rows } = await sql<PayoutRow>`
    select ${payoutStatus.columns}
    from (
      select ${payoutColumns}
      from payout_batch as batch
      join payout on payout.batch_id = batch.id and payout.row_index = batch.largest_row_index
      where batch.id = any(${[...new Set(batchIds)]}::uuid[])
        and ${viewerIsMember(context, sql.ref('batch.organizationId'))}
    ) as item ${payoutStatus.joins}`.execute(context.log.database);
  const byBatch = new Map(rows.map((row) => [row.batchId, row]));
  return batchIds.map((id) => byBatch.get(id) ?? null);
}
