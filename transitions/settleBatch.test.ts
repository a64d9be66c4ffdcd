import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PayoutRange } from '../events/eventPayloads.ts';
import { mergeRanges } from './settleBatch.ts';

const statuses = ['SUBMITTED', 'INCLUDED', 'UNDELIVERED'] as const;

/** Ranges that do not overlap, in any order. */
const ranges = fc
  .array(
    fc.record({
      gap: fc.nat(2),
      length: fc.integer({ min: 1, max: 5 }),
      status: fc.constantFrom(...statuses),
    }),
    {
      maxLength: 20,
    },
  )
  .map((parts) => {
    let next = 0;
    return parts.map(({ gap, length, status }): PayoutRange => {
      const firstIndex = next + gap;
      next = firstIndex + length;
      return { firstIndex, lastIndex: next - 1, status, transactionId: null };
    });
  })
  .chain((list) => fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }));

function statusByRow(list: readonly PayoutRange[]): Map<number, string> {
  return new Map(
    list
      .flatMap(({ firstIndex, lastIndex, status }) =>
        Array.from(
          { length: lastIndex - firstIndex + 1 },
          (_, offset) => [firstIndex + offset, status] as const,
        ),
      )
      .sort(([a], [b]) => a - b),
  );
}

describe('mergeRanges', () => {
  it('says the same of every row, in order, with no two neighbours that could be one', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const merged = mergeRanges(list);
        expect(statusByRow(merged)).toEqual(statusByRow(list));
        for (const [position, range] of merged.entries()) {
          const previous = merged[position - 1];
          if (previous === undefined) continue;
          expect(range.firstIndex).toBeGreaterThan(previous.lastIndex);
          expect(previous.lastIndex + 1 === range.firstIndex && previous.status === range.status).toBe(false);
        }
      }),
    );
  });

  it('does not join rows of different transactions', () => {
    const first = { firstIndex: 0, lastIndex: 1, status: 'INCLUDED', transactionId: 'a' } as const;
    const second = { firstIndex: 2, lastIndex: 3, status: 'INCLUDED', transactionId: 'b' } as const;
    expect(mergeRanges([second, first])).toEqual([first, second]);
  });
});
