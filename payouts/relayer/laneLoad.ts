import { sql } from 'kysely';
import type { Queryable } from '../../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';

/** What of a lane no block has decided about yet. */
export type LaneLoad = {
  readonly count: number;
  /** The gas limits together. */
  readonly gas: bigint;
  /** The most that it can cost together, in the native asset's base units: pools ask for that much, and so do we. */
  readonly units: bigint;
};

export const NO_LOAD: LaneLoad = { count: 0, gas: 0n, units: 0n };

/** What is under way on a chain, by relayer address. @param chainId the database's */
export async function readLaneLoads(
  database: Queryable,
  chainId: string,
): Promise<ReadonlyMap<string, LaneLoad>> {
  const { rows } = await sql<{ sender: string; count: bigint; gas: string; units: string }>`
    select sender, count(*) as count, sum(gas_limit)::text as gas, sum(gas_limit * max_fee_per_gas)::text as units
    from chain_transaction
    where chain_id = ${chainId} and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
      and raw_transaction is not null
    group by sender`.execute(database);
  return new Map(
    rows.map(({ sender, count, gas, units }) => [
      sender,
      { count: Number(count), gas: BigInt(gas), units: BigInt(units) },
    ]),
  );
}
