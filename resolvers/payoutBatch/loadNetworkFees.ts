import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { NetworkFee } from './loadEstimatedNetworkFees.ts';

/**
 * What this system's own transactions for each batch have cost so far, those that the chain undid among them; in the order
 * of the ids, null for strangers' batches. Summed from an index, one entry a transaction.
 * @throws UnauthenticatedError
 */
export async function loadNetworkFees(
  context: RequestContext,
  batchIds: readonly string[],
): Promise<(NetworkFee | null)[]> {
  const { rows } = await sql<NetworkFee & { id: string }>`
    select batch.id, asset.id as asset_id, paid.units
    from payout_batch as batch
    join asset on asset.chain_id = batch.chain_id and asset.address is null
    cross join lateral (
      select coalesce(sum(fee_units), 0) as units from chain_transaction
      where batch_id = batch.id and raw_transaction is not null and fee_units is not null
    ) as paid
    where batch.id = any(${[...new Set(batchIds)]}::uuid[])
      and ${viewerIsMember(context, sql.ref('batch.organizationId'))}`.execute(context.log.database);
  const feeOf = new Map(rows.map(({ id, assetId, units }) => [id, { assetId, units }]));
  return batchIds.map((id) => feeOf.get(id) ?? null);
}
