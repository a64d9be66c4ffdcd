import { type RawBuilder, sql } from 'kysely';
import { preferChecked } from '../../chains/evm/client/nodes/inconclusive.ts';
import { readDelegation, readNativeBalance } from '../../chains/evm/client/readRelayer.ts';
import { MAX_TRANSACTION_GAS } from '../../chains/evm/codec/payoutGas.ts';
import { required } from '../../core/errors.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';
import { FeesTooHighError, mostCost, quoteFees } from '../fees/quoteFees.ts';
import { chainOf, type PayoutEngine } from '../payoutEngine.ts';
import { NO_LOAD, readLaneLoads } from './laneLoad.ts';
import { laneStanding, REFUSED_AS_DELEGATED, REFUSED_FOR_FUNDS } from './laneStanding.ts';
import { noteStanding } from './noteStanding.ts';
import type { RecoveredLane } from './recoveredLane.ts';

/** A transaction of ours that somebody else's took the nonce of is looked for among so many nonces below the head. */
const LOST_NONCES_LOOKED_AT = 256n;

/**
 * Finds out how a lane stands, and keeps it. What a node's refusal said of its money or its delegation stands until
 * nothing waits any more.
 * @throws viem's errors when the node does not answer
 */
export async function lookAtLane(engine: PayoutEngine, lane: RecoveredLane): Promise<void> {
  const settled = preferChecked(chainOf(engine, lane.eip155ChainId), (client) =>
    Promise.all([readNativeBalance(client, lane.address), readDelegation(client, lane.address)]),
  );
  const [[balance, delegatedTo], nextUnits, loads, history] = await Promise.all([
    settled,
    readNextUnits(engine, lane),
    readLaneLoads(engine.log.database, lane.id),
    readHistory(engine, lane),
  ]);
  engine.metrics.laneBalance(lane.eip155ChainId, lane.address, balance);
  const { nonce, waitsMs, usedElsewhereMsAgo, reason } = history;
  const standing = laneStanding({
    ...{ balance, delegatedTo, nextUnits, usedElsewhereMsAgo },
    promisedUnits: (loads.get(lane.address) ?? NO_LOAD).units,
    oldest: nonce === null ? null : { nonce, waitsMs: waitsMs ?? 0 },
  });
  const isRefused = reason === REFUSED_FOR_FUNDS.reason || reason === REFUSED_AS_DELEGATED.reason;
  if (standing.state === 'ACTIVE' && isRefused && nonce !== null) return;
  await noteStanding(engine, { chain: lane, address: lane.address }, standing, lane.includedNonce);
}

/** The most that one more transaction can cost; 0 while the chain asks for more than may be offered: nothing is signed. */
async function readNextUnits(engine: PayoutEngine, lane: RecoveredLane): Promise<bigint> {
  try {
    return mostCost(await quoteFees(engine, lane), MAX_TRANSACTION_GAS);
  } catch (error) {
    if (error instanceof FeesTooHighError) return 0n;
    throw error;
  }
}

type LaneHistory = {
  readonly reason: string | null;
  /** Of the lowest that waits, and since when its first version does. */
  readonly nonce: bigint | null;
  readonly waitsMs: number | null;
  readonly usedElsewhereMsAgo: number | null;
};

async function readHistory(engine: PayoutEngine, lane: RecoveredLane): Promise<LaneHistory> {
  const { rows } = await sql<LaneHistory>`
    select lane.reason, waiting.nonce,
      ${millisecondsSince(sql`(
        select min(created_at) from chain_transaction first
        where first.chain_id = lane.chain_id and first.sender = lane.address and first.nonce = waiting.nonce
          and first.raw_transaction is not null)`)} as waits_ms,
      ${millisecondsSince(sql`greatest(lane.used_elsewhere_at, (
        select max(created_at) from chain_transaction lost
        where lost.chain_id = lane.chain_id and lost.sender = lane.address and lost.raw_transaction is not null
          and lost.nonce >= ${lane.includedNonce - LOST_NONCES_LOOKED_AT}
          and lost.status = 'REPLACED' and lost.replaced_by_id is null))`)} as used_elsewhere_ms_ago
    from relayer_lane lane left join lateral (
      select nonce from chain_transaction
      where chain_id = lane.chain_id and sender = lane.address and nonce >= ${lane.includedNonce}
        and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
      order by nonce limit 1) waiting on true
    where lane.chain_id = ${lane.id} and lane.address = ${lane.address}`.execute(engine.log.database);
  return required(rows[0], 'The lane');
}

function millisecondsSince(moment: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(extract(epoch from clock_timestamp() - ${moment}) * 1000)::float8`;
}
