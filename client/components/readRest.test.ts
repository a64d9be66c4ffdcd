import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PageAnswer, readRest } from './readRest.ts';

/** Rows 0, 1, 2 …; a row's cursor is itself. */
function listOf(length: number) {
  const questions: { first: number; after: string }[] = [];
  const ask = async (first: number, after: string): Promise<PageAnswer<number>> => {
    questions.push({ first, after });
    const from = Number(after) + 1;
    const until = Math.min(from + first, length);
    const rows = Array.from({ length: Math.max(until - from, 0) }, (_, index) => from + index);
    return {
      edges: rows.map((node) => ({ node })),
      pageInfo: { hasNextPage: until < length, endCursor: rows.at(-1)?.toString() ?? null },
    };
  };
  return { ask, questions };
}

describe('the rest of a list', () => {
  it('is read whole, in order, by as few questions as can be', async () => {
    const options = fc.record({
      length: fc.integer({ min: 1, max: 60 }),
      count: fc.integer({ min: 1, max: 60 }),
      most: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(options, async ({ length, count, most }) => {
        const { ask, questions } = listOf(length);
        const rest = await readRest(ask, { after: '0', count, most });
        const there = Math.min(count, length - 1);
        expect(rest).toEqual({
          nodes: Array.from({ length: there }, (_, index) => index + 1),
          hasNextPage: length - 1 > count,
        });
        expect(questions).toHaveLength(Math.max(Math.ceil(there / most), 1));
        expect(questions.every(({ first }) => first <= most)).toBe(true);
      }),
    );
  });

  it('is none of a list that is gone', async () => {
    expect(await readRest(async () => null, { after: '0', count: 5, most: 5 })).toBeNull();
  });
});
