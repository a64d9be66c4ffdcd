import { type SheetRange, sheetRange } from './sheetCursor.ts';
import { tooLarge } from './workbookError.ts';

export const MAX_MERGED_RANGES = 200_000;

/**
 * Finds values that nobody sees because another cell covers them, which theirs is merged with. Where cells are merged is
 * told after them, so that the rows in which something stands are kept: of columns that are read, in ascending order.
 */
export function mergedCells() {
  const ranges: SheetRange[] = [];
  const filledRows = new Map<number, number[]>();
  return {
    /** @throws WorkbookError */
    merge(reference: string): void {
      if (ranges.length === MAX_MERGED_RANGES)
        tooLarge(`The sheet has more than ${MAX_MERGED_RANGES} merged cells`);
      ranges.push(sheetRange(reference));
    },
    fill(row: number, column: number): void {
      const rows = filledRows.get(column);
      if (rows === undefined) filledRows.set(column, [row]);
      else rows.push(row);
    },
    /** The first cell, of any, in which something stands under another. */
    findCovered(): { row: number; column: number } | null {
      for (const range of ranges) {
        for (const [column, rows] of filledRows) {
          if (column < range.firstColumn || column > range.lastColumn) continue;
          // The first cell of all is the one that is shown.
          const from = range.firstRow + (column === range.firstColumn ? 1 : 0);
          const row = rows[indexFrom(rows, from)];
          if (row !== undefined && row <= range.lastRow) return { row, column };
        }
      }
      return null;
    },
  };
}

/** Where in ascending numbers the first stands that is not less. */
function indexFrom(numbers: readonly number[], least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
