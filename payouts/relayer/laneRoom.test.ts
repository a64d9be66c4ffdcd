import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LaneLoad, NO_LOAD } from './laneLoad.ts';
import {
  type LaneSize,
  laneCapacity,
  laneRoom,
  MAX_BLOCKS_OF_GAS_IN_FLIGHT,
  MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE,
  payableCount,
} from './laneRoom.ts';

const SIZE: LaneSize = { blockGasLimit: 30_000_000n, laneCount: 1, delegatedTo: null, gasLimit: 10_000_000n };
const ANYBODY = '0x0000000000000000000000000000000000000001';
const loadOf = (count: number): LaneLoad => ({ ...NO_LOAD, count, gas: BigInt(count) * SIZE.gasLimit });

test.each<[string, Partial<LaneSize>, number, number]>([
  ['an empty lane takes what a few blocks hold', {}, 0, 18],
  ['what is under way takes its part', {}, 15, 3],
  ['full', {}, 18, 0],
  ['over-full: its transactions were signed when blocks were larger', {}, 30, 0],
  ['two lanes share the blocks', { laneCount: 2 }, 0, 9],
  ['small blocks: one at a time all the same', { blockGasLimit: 1_000n }, 0, 1],
  ['small blocks, and one under way', { blockGasLimit: 1_000n }, 1, 0],
  ['large blocks: what pools keep of one sender', { blockGasLimit: 3_000_000_000n }, 0, 256],
  ['large blocks, some under way', { blockGasLimit: 3_000_000_000n }, 250, 6],
  ['a delegated key: one', { delegatedTo: ANYBODY }, 0, 1],
  ['a delegated key, one under way', { delegatedTo: ANYBODY }, 1, 0],
])('%s', (_what, size, underWay, room) => {
  expect(laneRoom({ ...SIZE, ...size }, loadOf(underWay))).toBe(room);
});

test('filled as far as it has room, a lane holds neither more gas nor more transactions than it may', () => {
  fc.assert(
    fc.property(
      fc.record({
        blockGasLimit: fc.bigInt({ min: 1n, max: 5_000_000_000n }),
        laneCount: fc.integer({ min: 1, max: 8 }),
        delegatedTo: fc.constantFrom(null, ANYBODY),
        gasLimit: fc.bigInt({ min: 21_000n, max: 16_777_216n }),
      }),
      fc.nat({ max: 400 }),
      fc.bigInt({ min: 21_000n, max: 16_777_216n }),
      (size, count, gasOfEach) => {
        const load = { count, gas: BigInt(count) * gasOfEach, units: 0n };
        const room = laneRoom(size, load);
        expect(room).toBeGreaterThanOrEqual(0);
        if (count === 0) expect(room).toBe(laneCapacity(size));
        if (room === 0 || count === 0) return;
        expect(count + room).toBeLessThanOrEqual(MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE);
        const share = (MAX_BLOCKS_OF_GAS_IN_FLIGHT * size.blockGasLimit) / BigInt(size.laneCount);
        expect(load.gas + BigInt(room) * size.gasLimit).toBeLessThanOrEqual(share);
      },
    ),
  );
});

test.each([
  [99n, 0],
  [100n, 1],
  [299n, 2],
  [-500n, 0],
  [10n ** 30n, MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE],
])('%s base units pay for %s transactions of at most 100', (spareUnits, count) => {
  expect(payableCount(spareUnits, 100n)).toBe(count);
});
