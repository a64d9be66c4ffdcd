import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChangedChunk, type ExceptionRange, payoutRanges } from './payoutChanges.ts';

const BATCH = '0190a0b0-0000-7000-8000-000000000000';

function chunk(rowCount: number, change: Partial<ChangedChunk> = {}): ChangedChunk {
  return {
    ...{ batchId: BATCH, chunkIndex: 0, firstIndex: 100, lastIndex: 100 + rowCount - 1 },
    ...{ status: 'INCLUDED', transactionId: 'chunk', chunkChanged: true, exceptionsChanged: true },
    ...change,
  };
}

function exceptions(rows: readonly number[]): ExceptionRange[] {
  return rows.map((row) => ({
    ...{ batchId: BATCH, chunkIndex: 0, status: 'UNDELIVERED', transactionId: 'chunk' },
    ...{ firstIndex: 100 + row, lastIndex: 100 + row },
  }));
}

const rowsOf = (ranges: readonly { firstIndex: number; lastIndex: number }[]) =>
  ranges.flatMap(({ firstIndex, lastIndex }) =>
    Array.from({ length: lastIndex - firstIndex + 1 }, (_, index) => firstIndex + index),
  );

test('every row of a changed chunk is told once, with the status it has', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.uniqueArray(fc.nat(199)), (rowCount, candidates) => {
      const owed = candidates.filter((row) => row < rowCount);
      const ranges = payoutRanges([chunk(rowCount)], exceptions(owed)).get(BATCH) ?? [];
      expect(rowsOf(ranges).sort((a, b) => a - b)).toEqual(
        Array.from({ length: rowCount }, (_, index) => 100 + index),
      );
      const undelivered = rowsOf(ranges.filter((range) => range.status === 'UNDELIVERED'));
      expect(new Set(undelivered)).toEqual(new Set(owed.map((row) => 100 + row)));
    }),
  );
});

test('a chunk that reaches a depth does not tell its owed rows again', () => {
  const ranges = payoutRanges([chunk(5, { status: 'FINAL', exceptionsChanged: false })], exceptions([0, 3]));
  expect(ranges.get(BATCH)).toEqual([
    { firstIndex: 101, lastIndex: 102, status: 'FINAL', transactionId: 'chunk' },
    { firstIndex: 104, lastIndex: 104, status: 'FINAL', transactionId: 'chunk' },
  ]);
});

test('a retry tells the rows of exceptions alone', () => {
  const ranges = payoutRanges([chunk(5, { chunkChanged: false })], exceptions([4]));
  expect(ranges.get(BATCH)).toEqual([
    { firstIndex: 104, lastIndex: 104, status: 'UNDELIVERED', transactionId: 'chunk' },
  ]);
});

test('a chunk of which every row is an exception tells no row of its own', () => {
  const all = [{ ...exceptions([0])[0], lastIndex: 104 } as ExceptionRange];
  expect(payoutRanges([chunk(5, { exceptionsChanged: false })], all).get(BATCH)).toEqual([]);
});
