import { sql } from 'kysely';
import type { Address } from 'viem';
import type { PayoutEngine } from '../payoutEngine.ts';
import type { LaneChain } from './laneChain.ts';
import type { LaneStanding } from './laneStanding.ts';

type NotedLane = { readonly chain: LaneChain; readonly address: Address };

/**
 * Keeps how a lane stands, for whoever chooses a lane next and for operators. The lane need not have been used yet.
 * @param nextNonce where a lane begins that is not stored yet
 */
export async function noteStanding(
  engine: PayoutEngine,
  { chain, address }: NotedLane,
  { state, reason }: LaneStanding,
  nextNonce: bigint,
): Promise<void> {
  const { rows } = await sql<{ stateBefore: string | null }>`
    insert into relayer_lane as lane (chain_id, address, next_nonce, state, reason)
    values (${chain.id}, ${address}, ${nextNonce}, ${state}, ${reason})
    on conflict (chain_id, address) do update set state = excluded.state, reason = excluded.reason,
      since = case when lane.state = excluded.state then lane.since else clock_timestamp() end
    where (lane.state, lane.reason) is distinct from (excluded.state, excluded.reason)
    returning old.state as state_before`.execute(engine.log.database);
  const [changed] = rows;
  if (changed === undefined || (changed.stateBefore ?? 'ACTIVE') === state) return;
  const fields = { chain: `eip155:${chain.eip155ChainId}`, relayer: address, state, reason };
  if (state === 'ACTIVE') engine.logger.info(fields, 'a lane works again');
  else engine.logger.warn(fields, 'a lane is passed over while another can serve');
}

/**
 * Notes that somebody else signs with a key.
 * @param count nonces that were, or are about to be, used by others
 */
export async function noteUseElsewhere(
  engine: PayoutEngine,
  { chain, address }: NotedLane,
  count: number,
): Promise<void> {
  engine.logger.warn(
    { chain: `eip155:${chain.eip155ChainId}`, relayer: address, count },
    'somebody else signs with the key of a lane',
  );
  engine.metrics.foreignNonces(chain.eip155ChainId, count);
  await engine.log.database
    .updateTable('relayerLane')
    .set({ usedElsewhereAt: sql<Date>`clock_timestamp()` })
    .where('chainId', '=', chain.id)
    .where('address', '=', address)
    .execute();
}
