import type { Queryable } from '../../prisma/database.ts';
import type { RelayerLaneState } from '../../prisma/generated/database.ts';
import type { Blocker } from '../blocker.ts';
import { mostCost } from '../fees/quoteFees.ts';
import type { PayoutEngine } from '../payoutEngine.ts';
import { type Lane, readLane } from './lane.ts';
import type { LaneChain } from './laneChain.ts';
import { type LaneLoad, NO_LOAD, readLaneLoads } from './laneLoad.ts';
import { laneRoom } from './laneRoom.ts';
import { delegated, USED_ELSEWHERE, unfunded } from './laneStanding.ts';
import { noteStanding, noteUseElsewhere } from './noteStanding.ts';
import type { RelayerKey } from './relayerKey.ts';

/** A lane as the database has it: before a node is asked. */
export type LaneCandidate = {
  readonly key: RelayerKey;
  readonly state: RelayerLaneState;
  readonly load: LaneLoad;
};

/** Those that may heal by themselves while they are used come before those that need somebody. */
const ORDER: readonly RelayerLaneState[] = ['ACTIVE', 'USED_ELSEWHERE', 'STUCK', 'DELEGATED', 'UNFUNDED'];

/** In which order lanes are tried: healthy ones first, and of those the one with the least gas in flight. */
export function rankLanes(candidates: readonly LaneCandidate[]): LaneCandidate[] {
  return candidates.toSorted(
    (left, right) =>
      ORDER.indexOf(left.state) - ORDER.indexOf(right.state) || compare(left.load.gas, right.load.gas),
  );
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * The lane for new work on a chain: of those whose key this process holds, the first that can serve. One that is full,
 * cannot pay, or is delegated is passed over while another is left; what was found is kept.
 * @param gasLimit of the largest transaction that is to be signed
 * @returns why none can pay for it, when none can
 * @throws FeesTooHighError, viem's errors
 */
export async function chooseLane(
  engine: PayoutEngine,
  chain: LaneChain,
  gasLimit: bigint,
): Promise<Lane | Blocker> {
  let second: Lane | null = null;
  let unpaid: Lane | null = null;
  for (const { key, load, state } of rankLanes(await readCandidates(engine, chain))) {
    const lane = await readLane(engine, chain, key, gasLimit);
    const cost = mostCost(lane.quote, gasLimit);
    const at = { chain, address: key.address };
    if (lane.balance < load.units + cost) {
      await noteStanding(engine, at, unfunded(lane.balance, load.units, cost), lane.freeNonce);
      unpaid ??= lane;
      continue;
    }
    const isNewlyShared = lane.foreignNonces > 0n && state === 'ACTIVE';
    if (isNewlyShared) {
      await noteUseElsewhere(engine, at, Number(lane.foreignNonces));
      await noteStanding(engine, at, USED_ELSEWHERE, lane.freeNonce);
    } else if (lane.delegatedTo !== null) {
      await noteStanding(engine, at, delegated(lane.delegatedTo), lane.freeNonce);
    } else if (laneRoom(lane, load) > 0) return lane;
    second ??= lane;
  }
  return second ?? notFunded(unpaid);
}

async function readCandidates(engine: PayoutEngine, chain: LaneChain): Promise<LaneCandidate[]> {
  const { database } = engine.log;
  const [states, loads] = await Promise.all([
    readStates(database, chain.id),
    readLaneLoads(database, chain.id),
  ]);
  return engine.relayers.map((key) => ({
    key,
    state: states.get(key.address) ?? 'ACTIVE',
    load: loads.get(key.address) ?? NO_LOAD,
  }));
}

async function readStates(
  database: Queryable,
  chainId: string,
): Promise<ReadonlyMap<string, RelayerLaneState>> {
  const rows = await database
    .selectFrom('relayerLane')
    .select(['address', 'state'])
    .where('chainId', '=', chainId)
    .execute();
  return new Map(rows.map(({ address, state }) => [address, state]));
}

function notFunded(lane: Lane | null): Blocker {
  return {
    code: 'RELAYER_NOT_FUNDED',
    message:
      lane === null
        ? 'No relayer key is there to pay for gas.'
        : `The relayer ${lane.key.address} cannot pay for gas: its ${lane.balance} base units do not cover what is under way and one more transaction.`,
  };
}
