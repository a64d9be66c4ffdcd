import { sql } from 'kysely';
import { readDataFee } from '../../chains/evm/client/readDataFee.ts';
import { type MarketFees, readMarketFees } from '../../chains/evm/client/readFees.ts';
import { smallerOf } from '../../core/largerOf.ts';
import type { EngineChain, PayoutEngine } from '../payoutEngine.ts';
import type { LaneChain } from '../relayer/laneChain.ts';
import { settleAll } from '../settleAll.ts';
import { offerFor } from './feeArithmetic.ts';
import type { FeePolicy } from './feePolicy.ts';
import { limitsNow } from './quoteFees.ts';

/**
 * Keeps what each chain asks for, for estimates, and since when it is more than the policy's cap; tells operators when the
 * policy says so.
 * @throws AggregateError when a chain's node does not answer; the others are kept
 */
export async function observeFees(engine: PayoutEngine): Promise<void> {
  const rows = await engine.log.database
    .selectFrom('chain')
    .select(['id', 'eip155ChainId'])
    .where('family', '=', 'EVM')
    .execute();
  const rounds = rows.map(async ({ id, eip155ChainId }) => {
    const chain = engine.chains.get(Number(eip155ChainId));
    if (chain !== undefined) await observe(engine, { id, eip155ChainId: Number(eip155ChainId) }, chain);
  });
  await settleAll(rounds, 'The fees of some chains could not be read');
}

async function observe(engine: PayoutEngine, chain: LaneChain, nodes: EngineChain): Promise<void> {
  const { checked, fees: policy } = nodes;
  const [market, dataFee] = await Promise.all([readMarketFees(nodes), readDataFee(checked, policy.dataFee)]);
  const tip = smallerOf(market.priorityFeePerGas, policy.maxPriorityFeePerGas);
  const isAboveCap = offerFor(market, policy) === null;
  const { rows } = await sql<{ isNew: boolean }>`
    insert into chain_fee
      (chain_id, base_fee_per_gas, max_priority_fee_per_gas, data_fee_units_per_byte, cap_reached_at, observed_at)
    values (${chain.id}, ${market.nextBaseFeePerGas}, ${tip},
      ${dataFee.unitsPerByte + dataFee.gasPerByte * (market.nextBaseFeePerGas + tip)},
      case when ${isAboveCap} then clock_timestamp() end, clock_timestamp())
    on conflict (chain_id) do update set base_fee_per_gas = excluded.base_fee_per_gas,
      max_priority_fee_per_gas = excluded.max_priority_fee_per_gas,
      data_fee_units_per_byte = excluded.data_fee_units_per_byte, observed_at = excluded.observed_at,
      cap_reached_at = case when ${isAboveCap} then coalesce(chain_fee.cap_reached_at, excluded.cap_reached_at) end
    returning old.cap_reached_at is null and new.cap_reached_at is not null as is_new`.execute(
    engine.log.database,
  );
  await tell(engine, chain, policy, market, rows[0]?.isNew ?? false);
}

/** WAIT asks for quiet: the batches' blockers say what holds them. */
async function tell(
  engine: PayoutEngine,
  chain: LaneChain,
  policy: FeePolicy,
  market: MarketFees,
  isNew: boolean,
): Promise<void> {
  if (policy.onCap === 'WAIT') return;
  const limits = await limitsNow(engine, chain, policy, market);
  engine.metrics.feeCapReached(chain.eip155ChainId, offerFor(market, limits) === null);
  if (!isNew) return;
  engine.logger.error(
    {
      chain: `eip155:${chain.eip155ChainId}`,
      onCap: policy.onCap,
      ...{ nextBaseFeePerGas: market.nextBaseFeePerGas, maxFeePerGas: policy.maxFeePerGas },
    },
    'A chain asks more for gas than may be offered: nothing new is signed there',
  );
}
