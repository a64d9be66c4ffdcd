import type { PayoutField } from '../../checks/payoutIssue.ts';
import type { CellFault } from '../fileIssue.ts';
import { PAYOUT_FIELDS, type RecognizedColumns } from '../recognizeColumns.ts';
import type { RowReader } from '../rowReader.ts';
import { readCellNumber } from './cellNumber.ts';
import { type CellFormat, PLAIN_FORMAT, UNKNOWN_FORMAT } from './describeFormat.ts';
import { mergedCells } from './mergedCells.ts';
import type { NumberFormats } from './numberFormat.ts';
import { unescapeText } from './readSharedStrings.ts';
import { type SheetRange, sheetCursor, sheetRange } from './sheetCursor.ts';
import { sheetVisibility } from './sheetVisibility.ts';
import { damaged, tooLarge, WorkbookError } from './workbookError.ts';

/** Of formulas that fill several cells, those that reach the present row. */
export const MAX_OPEN_ARRAYS = 1_000;
/** Up to and with the header, cells further to the right are refused: each row has as many. */
export const MAX_SHEET_COLUMNS_READ = 1_024;

/** What the cells of a sheet refer to by number. */
export type SheetParts = NumberFormats & { readonly strings: readonly string[] };

type Attributes = Readonly<Record<string, string>>;
type Cell = { column: number; type: string; style: number; isFormula: boolean };

/** Puts the cells of a sheet together into rows, as its XML tells of them, and hands each on. */
export function sheetRows({ strings, formats, conditional }: SheetParts, rows: RowReader) {
  const cursor = sheetCursor();
  const visibility = sheetVisibility();
  const merged = mergedCells();
  /** Columns whose name is shown as another, or not at all. */
  const disguised = new Set<number>();
  let arrays: SheetRange[] = [];
  /** The field that a column is read as; empty until the header was read. */
  let fieldAt = new Map<number, PayoutField>();
  let row = 0;
  let isHidden = false;
  let record: string[] = [];
  let faults: CellFault[] = [];
  let numbers: number[] = [];
  let cell: Cell = { column: 0, type: 'n', style: 0, isFormula: false };

  const isFilledByArray = (column: number): boolean =>
    arrays.some(
      ({ firstRow, firstColumn, lastColumn }) =>
        firstRow <= row && firstColumn <= column && column <= lastColumn,
    );
  const readPayoutCell = (field: PayoutField, text: string): void => {
    const isFormula = cell.isFormula || isFilledByArray(cell.column);
    if (text === '' && !isFormula) return;
    if (text.trim() !== '') merged.fill(row, cell.column);
    const read = isFormula ? FORMULA : readCell(cell, text, formats, field === 'amount');
    if ('code' in read) faults.push({ index: cell.column, ...read });
    else {
      record[cell.column] = read.text;
      if (cell.type === 'n') numbers.push(cell.column);
    }
  };

  return {
    /** Takes `<sheetFormatPr>` and `<col>`, which stand before the first row. */
    setDefaults: visibility.setDefaults,
    addColumns: visibility.addColumns,
    /** @param reference such as `A2:A3` */
    merge: merged.merge,
    /** Takes a rule of conditional formatting, which changes how cells look. @throws WorkbookError */
    addCondition({ dxfId }: Attributes): void {
      if (dxfId !== undefined && conditional.has(Number(dxfId))) refuseConditionalFormat();
    },
    beginRow(attributes: Attributes): void {
      row = cursor.row(attributes.r);
      isHidden = visibility.isRowHidden(attributes);
      record = [];
      faults = [];
      numbers = [];
      arrays = arrays.filter(({ lastRow }) => lastRow >= row);
    },
    beginCell({ r: reference, t: type = 'n', s: style = '0' }: Attributes): void {
      cell = { column: cursor.cell(reference), type, style: Number(style), isFormula: false };
    },
    beginFormula({ ref, t: type }: Attributes): void {
      cell.isFormula = true;
      // Other cells that an array formula or a data table fills have no formula of their own.
      if (ref === undefined || type === 'shared') return;
      if (arrays.length === MAX_OPEN_ARRAYS) tooLarge('The sheet has too many array formulas');
      arrays.push(sheetRange(ref));
    },
    /**
     * @param value what `<v>` holds
     * @param inlineText what `<is>` holds
     */
    endCell(value: string, inlineText: string): void {
      const { column, type } = cell;
      const text = type === 'inlineStr' ? inlineText : textOf(type, value, strings);
      if (rows.header === null) {
        if (text === '') return;
        if (column >= MAX_SHEET_COLUMNS_READ)
          tooLarge(`The sheet has more than ${MAX_SHEET_COLUMNS_READ} columns`);
        while (record.length < column) record.push('');
        record[column] = text;
        if (!formatOf(formats, cell.style).showsTexts) disguised.add(column);
      } else if (rows.header.names[column]) {
        if (record.length === 0) record = new Array(rows.header.names.length).fill('');
        record[column] = text;
        const field = fieldAt.get(column);
        if (field !== undefined) readPayoutCell(field, text);
      }
    },
    endRow(): void {
      const isBeforeHeader = rows.header === null;
      rows.read(record, { row, isHidden, numbers, faults });
      const { header } = rows;
      if (!isBeforeHeader || header === null) return;
      fieldAt = fieldsByColumn(header);
      for (const [column] of fieldAt) {
        if (visibility.isColumnHidden(column)) refuseHidden(header.names[column] ?? '');
        if (disguised.has(column)) refuseDisguised(row, header.names[column] ?? '');
        merged.fill(row, column);
      }
    },
    /** After all cells. @throws WorkbookError CELL_MERGED */
    end(): void {
      const covered = merged.findCovered();
      if (covered !== null) refuseCovered(covered.row, rows.header?.names[covered.column] ?? null);
    },
  };
}

function fieldsByColumn({ indexOf }: RecognizedColumns): Map<number, PayoutField> {
  const fields = new Map<number, PayoutField>();
  for (const field of PAYOUT_FIELDS) {
    const index = indexOf[field];
    if (index !== null) fields.set(index, field);
  }
  return fields;
}

type ReadCell = { readonly text: string } | Omit<CellFault, 'index'>;

const FORMULA: ReadCell = {
  code: 'CELL_FORMULA',
  message:
    'The cell holds a formula. Copy the column and paste it as values, so that everybody reads the same.',
};
const DATE: ReadCell = {
  code: 'CELL_DATE',
  message: 'The cell holds a date. Format the column as text, or as a number, and type it again.',
};
const TEXT_SHOWN_DIFFERENTLY: ReadCell = {
  code: 'NUMBER_SHOWN_DIFFERENTLY',
  message:
    'The cell’s format hides its text, or shows more than it. Type what should be read, and format the cell as text.',
};
const FAULTY_TYPES: ReadonlyMap<string, ReadCell> = new Map<string, ReadCell>([
  ['d', DATE],
  ['e', { code: 'CELL_ERROR', message: 'The cell holds an error. Mend or empty it.' }],
  [
    'b',
    { code: 'CELL_BOOLEAN', message: 'The cell holds TRUE or FALSE. Type what should be read, as text.' },
  ],
]);

function readCell(
  { type, style }: Cell,
  text: string,
  formats: readonly CellFormat[],
  isAmount: boolean,
): ReadCell {
  const fault = FAULTY_TYPES.get(type);
  if (fault !== undefined) return fault;
  const { numbers, showsTexts } = formatOf(formats, style);
  if (type !== 'n') return showsTexts ? { text } : TEXT_SHOWN_DIFFERENTLY;
  return numbers.kind === 'DATE' ? DATE : readCellNumber(text, numbers, isAmount);
}

function formatOf(formats: readonly CellFormat[], style: number): CellFormat {
  return formats[style] ?? (style === 0 ? PLAIN_FORMAT : UNKNOWN_FORMAT);
}

/** What stands in a cell: of a number and what else is no text, as the file has it. */
function textOf(type: string, value: string, strings: readonly string[]): string {
  if (type !== 's') return type === 'str' ? unescapeText(value) : value.trim();
  if (value.trim() === '') return '';
  return strings[Number(value)] ?? damaged('A cell names a text that the workbook does not hold');
}

function refuseHidden(column: string): never {
  throw new WorkbookError(
    'HIDDEN_COLUMN',
    `The column “${column}” is hidden: nobody sees what would be read. Show it, or rename it.`,
  );
}

function refuseCovered(row: number, column: string | null): never {
  throw new WorkbookError(
    'CELL_MERGED',
    'The cell holds a value that nobody sees: another, which it is merged with, covers it. Unmerge the cells.',
    { row, column },
  );
}

function refuseDisguised(row: number, column: string): never {
  throw new WorkbookError(
    'NUMBER_SHOWN_DIFFERENTLY',
    `The format of the header “${column}” hides it, or shows more than it. Format the cell as text.`,
    { row, column },
  );
}

export function refuseConditionalFormat(): never {
  throw new WorkbookError(
    'NUMBER_SHOWN_DIFFERENTLY',
    'The sheet’s conditional formatting shows numbers in another format than their cells have. Take the number format out of its rules.',
  );
}
