import type { RowReader } from './rowReader.ts';
import { type NumberFormats, readNumberFormats } from './xlsx/numberFormat.ts';
import { findSheet, openWorkbook } from './xlsx/openWorkbook.ts';
import { readSharedStrings } from './xlsx/readSharedStrings.ts';
import { readSheet } from './xlsx/readSheet.ts';
import { WorkbookError } from './xlsx/workbookError.ts';

const NO_FORMATS: NumberFormats = { formats: [], conditional: new Set() };

/**
 * Reads a sheet of an XLSX workbook. Its parts are unpacked as they are read, and nothing in it is run.
 * @param sheet its name; null for the first that is shown
 * @throws ReadingStopped
 */
export async function readXlsx(file: Blob, sheet: string | null, rows: RowReader): Promise<void> {
  try {
    const workbook = await openWorkbook(file);
    rows.setSheets(workbook.sheets.map(({ name }) => name));
    const { part } = findSheet(workbook, sheet);
    const { stylesPart, sharedStringsPart } = workbook;
    const formats = stylesPart === null ? NO_FORMATS : await readNumberFormats(workbook.read(stylesPart));
    const strings =
      sharedStringsPart === null ? [] : await readSharedStrings(workbook.read(sharedStringsPart));
    await readSheet(workbook.read(part), { ...formats, strings }, rows);
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error;
    const { row, column } = error.place ?? { row: Math.max(1, rows.row), column: null };
    rows.stop(row, error.code, error.message, column);
  }
}
