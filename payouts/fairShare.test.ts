import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fairShare } from './fairShare.ts';

test('one large demand beside many small ones has what they leave', () => {
  expect(fairShare([1, 1, 1, 1_000], 100)).toBe(97);
  expect(fairShare([500, 1_000], 100)).toBe(50);
  expect(fairShare([10, 20], 100)).toBe(Number.POSITIVE_INFINITY);
  expect(fairShare([], 100)).toBe(Number.POSITIVE_INFINITY);
});

test('all of the capacity is given out, nobody has less than an equal part of it or than all that is asked for', () => {
  const demands = fc.array(fc.nat({ max: 1_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(demands, fc.nat({ max: 2_000 }), (asked, capacity) => {
      const share = fairShare(asked, capacity);
      const given = asked.map((demand) => Math.min(demand, share));
      const sum = given.reduce((total, part) => total + part, 0);
      const wanted = asked.reduce((total, part) => total + part, 0);
      expect(sum).toBeCloseTo(Math.min(wanted, capacity), 6);
      for (const [index, part] of given.entries()) {
        expect(part).toBeGreaterThanOrEqual(Math.min(asked[index] ?? 0, capacity / asked.length) - 1e-9);
      }
    }),
  );
});
