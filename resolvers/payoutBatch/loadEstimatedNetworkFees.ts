import { sql } from 'kysely';
import { expectedUse } from '../../chains/evm/codec/expectedGas.ts';
import type { PayoutBatchStatus } from '../../prisma/generated/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** Base units of the native asset. */
export type NetworkFee = { readonly assetId: string; readonly units: bigint };

/** A worker observes every few seconds; what it said longer ago says nothing about now. */
const MAX_OBSERVATION_AGE_SECONDS = 3_600;
const SIGNIFICANT_DIGITS = 3;

/** What is expected to be sent for a batch that has not ended. */
const OPEN_STATUSES: readonly PayoutBatchStatus[] = [
  'DRAFT',
  'PENDING_APPROVAL',
  'APPROVED',
  'EXECUTING',
  'CANCELLING',
];

type BatchRow = {
  id: string;
  payoutCount: number;
  chunkCount: number;
  threshold: number;
  assetId: string;
  feePerGas: bigint;
  dataFeeUnitsPerByte: bigint;
};

/**
 * What opening each batch and paying all its rows is expected to cost its relayer, at its chain's fees as a worker observed
 * them last; in the order of the ids. Null for batches that have ended, where no worker observed anything of late, and for
 * strangers' batches.
 * @throws UnauthenticatedError
 */
export async function loadEstimatedNetworkFees(
  context: RequestContext,
  batchIds: readonly string[],
): Promise<(NetworkFee | null)[]> {
  const { rows } = await sql<BatchRow>`
    select batch.id, batch.payout_count, batch.chunk_count, account.threshold, asset.id as asset_id,
      fee.base_fee_per_gas + fee.max_priority_fee_per_gas as fee_per_gas, fee.data_fee_units_per_byte
    from payout_batch as batch
    join account on account.id = batch.account_id
    join asset on asset.chain_id = batch.chain_id and asset.address is null
    join chain_fee as fee on fee.chain_id = batch.chain_id
      and fee.observed_at > clock_timestamp() - ${MAX_OBSERVATION_AGE_SECONDS} * interval '1 s'
    where batch.id = any(${[...new Set(batchIds)]}::uuid[])
      and batch.status in (${sql.join([...OPEN_STATUSES])})
      and ${viewerIsMember(context, sql.ref('batch.organizationId'))}`.execute(context.log.database);
  const feeOf = new Map(rows.map((row) => [row.id, estimate(row)]));
  return batchIds.map((id) => feeOf.get(id) ?? null);
}

function estimate({ assetId, feePerGas, dataFeeUnitsPerByte, ...batch }: BatchRow): NetworkFee {
  const { gas, byteCount } = expectedUse(batch);
  return { assetId, units: roundUp(gas * feePerGas + byteCount * dataFeeUnitsPerByte) };
}

/** Up to so many significant digits: more would promise what no estimate keeps. */
function roundUp(units: bigint): bigint {
  const step = 10n ** BigInt(Math.max(0, `${units}`.length - SIGNIFICANT_DIGITS));
  return ((units + step - 1n) / step) * step;
}
