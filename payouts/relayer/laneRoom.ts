import type { Address } from 'viem';
import type { LaneLoad } from './laneLoad.ts';

/** Nodes keep only so many transactions of one sender in their pools. */
export const MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE = 256;
/**
 * What is signed on a chain, in all lanes of a worker together, may fill so many of its blocks: more would only wait, with
 * the fees of now, for block space that is not there.
 */
export const MAX_BLOCKS_OF_GAS_IN_FLIGHT = 6n;
/** Pools take one transaction at a time from a key that is delegated (EIP-7702). */
export const MAX_IN_FLIGHT_TRANSACTIONS_OF_DELEGATED_KEY = 1;

export type LaneSize = {
  readonly blockGasLimit: bigint;
  /** Lanes that share the chain's blocks. */
  readonly laneCount: number;
  /** Whose code the key's account runs (EIP-7702); null when it runs none. */
  readonly delegatedTo: Address | null;
  /** What each transaction may use. */
  readonly gasLimit: bigint;
};

/** How many transactions of so much gas a lane may have in flight: at least one, however small the chain's blocks are. */
export function laneCapacity({ blockGasLimit, laneCount, delegatedTo, gasLimit }: LaneSize): number {
  if (delegatedTo !== null) return MAX_IN_FLIGHT_TRANSACTIONS_OF_DELEGATED_KEY;
  const byGas = Number(gasShare(blockGasLimit, laneCount) / gasLimit);
  return Math.min(MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE, Math.max(1, byGas));
}

/** How many more it takes beside what is under way. */
export function laneRoom(size: LaneSize, load: LaneLoad): number {
  // One always fits into an empty lane.
  if (size.delegatedTo !== null || load.count === 0) return Math.max(0, laneCapacity(size) - load.count);
  const freeGas = gasShare(size.blockGasLimit, size.laneCount) - load.gas;
  const byGas = freeGas <= 0n ? 0 : Number(freeGas / size.gasLimit);
  return Math.max(0, Math.min(MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE - load.count, byGas));
}

/** How many transactions a lane can pay for. @param unitsOfOne the most that one can cost, in native base units */
export function payableCount(spareUnits: bigint, unitsOfOne: bigint): number {
  const count = unitsOfOne === 0n ? spareUnits : spareUnits / unitsOfOne;
  if (count <= 0n) return 0;
  return count < MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE ? Number(count) : MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE;
}

function gasShare(blockGasLimit: bigint, laneCount: number): bigint {
  return (MAX_BLOCKS_OF_GAS_IN_FLIGHT * blockGasLimit) / BigInt(laneCount);
}
