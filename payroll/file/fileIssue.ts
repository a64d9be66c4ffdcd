import type { PayoutIssueCode, Severity } from '../checks/payoutIssue.ts';

/** What can be wrong with a file as such, besides PAYOUT_ISSUES. All are errors. */
export const FILE_ISSUES = {
  FILE_EMPTY: 'The file holds nothing.',
  FILE_NOT_CSV: 'The file is neither text nor an XLSX workbook.',
  FILE_DAMAGED: 'The workbook is cut off, altered, or made in a way that no spreadsheet would.',
  FILE_ENCRYPTED: 'The workbook is protected with a password.',
  FILE_TOO_LARGE_UNPACKED: 'The workbook unpacks to more than can be read: parts, bytes, texts or nesting.',
  SHEET_UNKNOWN: 'No sheet that is shown has the name that was asked for.',
  FILE_NOT_UTF8:
    'The text is neither UTF-8 nor UTF-16 with a byte order mark: letters would be read wrongly. Save the file as “CSV UTF-8”.',
  FILE_MALFORMED: 'Quotes do not pair, or a row is longer than allowed: what follows cannot be read.',
  FILE_WITHOUT_ROWS: 'The file has a header and nothing below it.',
  COLUMN_MISSING: 'No column is named as the recipient’s address, or none as the amount.',
  COLUMN_DUPLICATE: 'Two columns are named as the same thing.',
  COLUMN_COUNT: 'The row has more or fewer fields than the header.',
  TOO_MANY_ROWS: 'The file has more rows than one batch can hold.',
  AMOUNT_NOTATION_MIXED:
    'Amounts of the file are written in two ways: with a point before the decimals, and with a comma.',
  HIDDEN_ROW:
    'The row of the workbook is hidden or too low to be read: what nobody sees is neither paid nor passed over.',
  HIDDEN_COLUMN: 'A column of the workbook that would be read is hidden, or too narrow for it.',
  CELL_MERGED:
    'A cell that is merged with others, and covered by the first of them, holds a value that nobody sees.',
  CELL_FORMULA: 'The cell holds a formula: what it comes to may change with the next reader.',
  CELL_DATE: 'The cell holds a date, or is formatted as one.',
  CELL_ERROR: 'The cell holds an error, such as #REF!.',
  CELL_BOOLEAN: 'The cell holds TRUE or FALSE.',
  NUMBER_TOO_PRECISE: 'The cell holds a number of more than the 15 digits that a spreadsheet shows.',
  NUMBER_SCIENTIFIC:
    'The cell holds or shows a number in scientific form, of which digits are lost or not shown.',
  NUMBER_SHOWN_DIFFERENTLY:
    'The cell shows another number or text than it holds: rounded, scaled, as a percentage, hidden or with more around it.',
} as const satisfies Record<string, string>;

export type FileIssueCode = keyof typeof FILE_ISSUES;
export type ImportIssueCode = PayoutIssueCode | FileIssueCode;

/** One thing wrong with a file, where a person finds it. */
export type ImportIssue = {
  /**
   * The row's number as a spreadsheet shows it: the first row of the file is 1, blank rows count, and a quoted field
   * with line breaks is still one row.
   */
  readonly row: number;
  /** As the header names it; null when it is about the whole row or file. */
  readonly column: string | null;
  /** What stood there, made safe to show and to export; null when nothing did. */
  readonly value: string | null;
  readonly code: ImportIssueCode;
  readonly severity: Severity;
  readonly message: string;
};

/** What keeps the value of a cell from being read; an error. */
export type CellFault = {
  /** Which column; 0 is the first. */
  readonly index: number;
  readonly code: ImportIssueCode;
  readonly message: string;
};
