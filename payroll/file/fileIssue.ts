import type { PayoutIssueCode, Severity } from '../checks/payoutIssue.ts';

/** What can be wrong with a file as such, besides PAYOUT_ISSUES. All are errors. */
export const FILE_ISSUES = {
  FILE_EMPTY: 'The file holds nothing.',
  FILE_NOT_CSV: 'The file is a spreadsheet, an archive or something else that is not text.',
  FILE_NOT_UTF8: 'The text is not UTF-8: letters would be read wrongly. Save the file as “CSV UTF-8”.',
  FILE_MALFORMED: 'Quotes do not pair, or a row is longer than allowed: what follows cannot be read.',
  FILE_WITHOUT_ROWS: 'The file has a header and nothing below it.',
  COLUMN_MISSING: 'No column is named as the recipient’s address, or none as the amount.',
  COLUMN_DUPLICATE: 'Two columns are named as the same thing.',
  COLUMN_COUNT: 'The row has more or fewer fields than the header.',
  TOO_MANY_ROWS: 'The file has more rows than one batch can hold.',
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
