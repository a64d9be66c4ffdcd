import { damaged } from './workbookError.ts';

/** Of every XLSX sheet (ECMA-376 18.3.1.73 and what spreadsheets keep to). */
export const MAX_SHEET_ROWS = 1_048_576;
export const MAX_SHEET_COLUMNS = 16_384;

const REFERENCE = /^([A-Z]{1,3})([1-9]\d{0,6})$/;

/** Rows from 1, as a spreadsheet numbers them; columns from 0. */
export type SheetRange = {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
};

/** Where the next row and cell stand: where they say, or after the one before; never further back. */
export function sheetCursor() {
  let currentRow = 0;
  let currentColumn = -1;
  return {
    /** @returns the row's number @throws WorkbookError */
    row(reference: string | undefined): number {
      const row = reference === undefined ? currentRow + 1 : Number(reference);
      if (!Number.isInteger(row) || row <= currentRow || row > MAX_SHEET_ROWS)
        damaged('The sheet’s rows are out of order');
      currentRow = row;
      currentColumn = -1;
      return row;
    },
    /** @returns the cell's column @throws WorkbookError */
    cell(reference: string | undefined): number {
      const place =
        reference === undefined ? { row: currentRow, column: currentColumn + 1 } : placeOf(reference);
      if (place.row !== currentRow || place.column <= currentColumn || place.column >= MAX_SHEET_COLUMNS)
        damaged('The sheet’s cells are out of order');
      currentColumn = place.column;
      return currentColumn;
    },
  };
}

/** The range that `B2:C9` or `B2` names. @throws WorkbookError */
export function sheetRange(reference: string): SheetRange {
  const [first = '', last = first] = reference.replaceAll('$', '').split(':');
  const from = placeOf(first);
  const to = placeOf(last);
  // Corners in another order name the same cells.
  return {
    firstRow: Math.min(from.row, to.row),
    lastRow: Math.max(from.row, to.row),
    firstColumn: Math.min(from.column, to.column),
    lastColumn: Math.max(from.column, to.column),
  };
}

function placeOf(reference: string): { row: number; column: number } {
  const [, letters = '', digits = ''] = REFERENCE.exec(reference) ?? [];
  if (letters === '') damaged('A cell of the sheet has no place in it');
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 0x40;
  return { row: Number(digits), column: column - 1 };
}
