import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryRow, arbitraryRows } from './arbitraryBatch.testkit.ts';
import { compareRows, MAX_ROW_DIFFERENCES_NAMED } from './compareRows.ts';
import type { PayoutRow } from './payoutRow.ts';

const row = (index: number, units = 100n): PayoutRow => ({
  recipient: `0x${index.toString(16).padStart(40, 'a')}`,
  units,
});
const own = [row(0), row(1), row(2), row(3)];

describe('compareRows', () => {
  test('finds nothing between equal lists, whatever the case of an address', () => {
    const upper = own.map(
      ({ recipient, units }) => ({ recipient: `0x${recipient.slice(2).toUpperCase()}`, units }) as const,
    );
    expect(compareRows(own, upper)).toEqual({ differences: [], differenceCount: 0 });
  });

  test('names the field of a changed row', () => {
    expect(compareRows(own, own.with(2, row(2, 101n))).differences).toEqual([
      { kind: 'CHANGED', index: 2, field: 'units', expected: 100n, found: 101n },
    ]);
    expect(compareRows(own, own.with(2, row(7))).differences).toEqual([
      { kind: 'CHANGED', index: 2, field: 'recipient', expected: row(2).recipient, found: row(7).recipient },
    ]);
  });

  test('names rows added and removed, not all behind them', () => {
    expect(compareRows(own, own.toSpliced(1, 0, row(9)))).toEqual({
      differences: [{ kind: 'ADDED', index: 1, row: row(9) }],
      differenceCount: 1,
    });
    expect(compareRows(own, own.toSpliced(1, 1))).toEqual({
      differences: [{ kind: 'REMOVED', index: 1, row: row(1) }],
      differenceCount: 1,
    });
    expect(compareRows([], own).differenceCount).toBe(4);
  });

  test('tells a repeated row from the one it repeats', () => {
    expect(compareRows(own, [...own, row(3)])).toMatchObject({
      differences: [{ kind: 'ADDED' }],
      differenceCount: 1,
    });
  });

  test('names the first and counts all', () => {
    const many = Array.from({ length: 50 }, (_, index) => row(index));
    const { differences, differenceCount } = compareRows(
      many,
      many.map(({ recipient }) => ({ recipient, units: 1n })),
    );
    expect(differences).toHaveLength(MAX_ROW_DIFFERENCES_NAMED);
    expect(differences[0]).toMatchObject({ index: 0 });
    expect(differenceCount).toBe(50);
  });

  test('finds a difference exactly when there is one', () => {
    fc.assert(
      fc.property(
        arbitraryRows(10),
        fc.nat(),
        arbitraryRow,
        fc.constantFrom(0, 1),
        (rows, pick, other, removed) => {
          const at = pick % rows.length;
          const changed = rows.toSpliced(at, removed, other);
          const isSame =
            changed.length === rows.length && JSON.stringify(changed, text) === JSON.stringify(rows, text);
          expect(compareRows(rows, changed).differenceCount > 0).toBe(!isSame);
          expect(compareRows(rows, rows).differenceCount).toBe(0);
        },
      ),
    );
  });
});

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
