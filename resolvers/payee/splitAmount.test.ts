import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_DESTINATIONS_PER_PAYEE } from '../../core/limits.ts';
import { MAX_PAYOUT_UNITS } from '../../core/money.ts';
import { type SplitDestination, splitAmount, WHOLE_MILLIONTHS } from './splitAmount.ts';

/** Shares of at least a millionth that add up to the whole: the gaps between sorted cuts. */
const shares = fc
  .uniqueArray(fc.integer({ min: 1, max: WHOLE_MILLIONTHS - 1 }), {
    maxLength: MAX_DESTINATIONS_PER_PAYEE - 1,
  })
  .map((cuts) => {
    const ends = [...cuts.sort((a, b) => a - b), WHOLE_MILLIONTHS];
    return ends.map((end, index) => end - (ends[index - 1] ?? 0));
  });
const decimals = fc.integer({ min: 0, max: 18 });
const units = fc.oneof(fc.bigInt(1n, 10_000n), fc.bigInt(1n, MAX_PAYOUT_UNITS));
const MANY_RUNS = { numRuns: 2_000 };

const same = (count: number, own: number, parts: readonly number[]): SplitDestination[] =>
  parts.slice(0, count).map((shareMillionths) => ({ shareMillionths, decimals: own }));

test('in one asset the parts add up to the line, each at least its share rounded down and more than nothing', () => {
  let split = 0;
  fc.assert(
    fc.property(units, decimals, shares, (amount, own, parts) => {
      const done = splitAmount(amount, own, same(parts.length, own, parts));
      const floors = parts.map((share) => (amount * BigInt(share)) / BigInt(WHOLE_MILLIONTHS));
      if (!Array.isArray(done)) {
        expect(done.fault).toBe('SHARE_TOO_SMALL');
        expect(floors[done.index]).toBe(0n);
        return;
      }
      split += 1;
      expect(done.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      expect(done.every((part) => part > 0n)).toBe(true);
      expect(done.slice(1)).toEqual(floors.slice(1));
      const [first = 0n] = done;
      expect(first - (floors[0] ?? 0n)).toBeGreaterThanOrEqual(0n);
      expect(first - (floors[0] ?? 0n)).toBeLessThan(BigInt(parts.length));
    }),
    MANY_RUNS,
  );
  expect(split).toBeGreaterThan(MANY_RUNS.numRuns / 4);
});

test('in assets of any decimals the parts are the same decimal number as the line, or it is refused', () => {
  const mixed = shares.chain((parts) =>
    fc.tuple(...parts.map((shareMillionths) => decimals.map((own) => ({ shareMillionths, decimals: own })))),
  );
  let split = 0;
  fc.assert(
    fc.property(units, decimals, mixed, (amount, own, destinations) => {
      const done = splitAmount(amount, own, destinations);
      if (!Array.isArray(done)) return;
      split += 1;
      const finest = 18;
      const atFinest = (value: bigint, of: number) => value * 10n ** BigInt(finest - of);
      const total = done.reduce(
        (sum, part, index) => sum + atFinest(part, destinations[index]?.decimals ?? 0),
        0n,
      );
      expect(total).toBe(atFinest(amount, own));
      expect(done.every((part) => part > 0n)).toBe(true);
    }),
    MANY_RUNS,
  );
  expect(split).toBeGreaterThan(MANY_RUNS.numRuns / 10);
});

const thirds = [333_334, 333_333, 333_333];

test.each<[string, bigint, number, SplitDestination[], ReturnType<typeof splitAmount>]>([
  ['the remainder goes to the first', 100n, 6, same(3, 6, thirds), [34n, 33n, 33n]],
  ['one destination gets it all', 7n, 6, same(1, 6, [WHOLE_MILLIONTHS]), [7n]],
  ['a share of less than a unit', 2n, 6, same(3, 6, thirds), { fault: 'SHARE_TOO_SMALL', index: 1 }],
  [
    'another asset with more decimals gets no finer part than the line has',
    1_000_001n,
    6,
    [...same(1, 6, [500_000]), ...same(1, 18, [500_000])],
    [500_001n, 500_000n * 10n ** 12n],
  ],
  [
    'an asset with fewer decimals is rounded down to them, and the first keeps the rest',
    1_000_000_000_000_000_001n,
    18,
    [...same(1, 18, [500_000]), ...same(1, 6, [500_000])],
    [500_000_000_000_000_001n, 500_000n],
  ],
  [
    'what the first cannot express is refused, not rounded',
    1_000_000_000_000_000_001n,
    18,
    [...same(1, 6, [500_000]), ...same(1, 18, [500_000])],
    { fault: 'AMOUNT_TOO_PRECISE', index: 0 },
  ],
])('%s', (_, amount, own, destinations, expected) => {
  expect(splitAmount(amount, own, destinations)).toEqual(expected);
});
