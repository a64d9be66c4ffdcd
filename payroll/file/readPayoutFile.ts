import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import { type PayoutLine, type PayoutRules, payoutChecker } from '../checks/payoutChecker.ts';
import { PAYOUT_ISSUES, type PayoutIssue } from '../checks/payoutIssue.ts';
import { detectDelimiter } from './detectDelimiter.ts';
import { echoValue } from './echoValue.ts';
import type { FileIssueCode } from './fileIssue.ts';
import { type IssueList, issueList } from './issueList.ts';
import { readPieces } from './readPieces.ts';
import { type RecognizedColumns, recognizeColumns } from './recognizeColumns.ts';
import type { FileScan } from './scanFile.ts';

/** A row longer than this is an unpaired quote that swallowed the rest of the file. */
const MAX_ROW_CHARACTERS = 64 * 1024;

export type ImportPreview = {
  /** Rows below the header that are not blank. */
  readonly rowCount: number;
  /** Those without an error. */
  readonly acceptedCount: number;
  /** Their sum, in base units. */
  readonly totalUnits: bigint;
  /** Every column's name, in the file's order. */
  readonly columns: readonly string[];
  /** Columns that were not read. */
  readonly ignoredColumns: readonly string[];
};

export type PayoutFile = {
  /** Null when the file cannot be read to its end: the issues say why. */
  readonly preview: ImportPreview | null;
  /** The rows without an error, in the file's order. `row` is the row in the file. */
  readonly lines: readonly PayoutLine[];
  readonly issues: IssueList;
  /** Adds an issue of a row that was found elsewhere. */
  report(row: number, issue: PayoutIssue): void;
};

export type FileRules = PayoutRules & { readonly assetSymbol: string };

/** Ends the reading of a file whose fault is reported: what follows would only be noise. */
class ReadingStopped extends Error {}

/**
 * Reads a CSV file (RFC 4180; comma, semicolon or tab; LF, CRLF or CR; with or without a byte order mark) and checks each
 * row. Nothing that a file may hold makes this throw. It reads in pieces, so that other requests go on meanwhile.
 * @param scan of the same file
 */
export async function readPayoutFile(file: Blob, scan: FileScan, rules: FileRules): Promise<PayoutFile> {
  const reader = rowReader(scan, rules);
  if (file.size === 0) reader.stop(1, 'FILE_EMPTY', 'The file is empty.');
  else if (scan.looksBinary) {
    const message =
      'This is a spreadsheet or archive, not text. In the spreadsheet, choose “Save as: CSV UTF-8”.';
    reader.stop(1, 'FILE_NOT_CSV', message);
  } else await readRows(file, detectDelimiter(scan.start, rules.assetSymbol), reader);
  return reader.finish();
}

async function readRows(file: Blob, delimiter: string, reader: RowReader): Promise<void> {
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: MAX_ROW_CHARACTERS,
    // Rows are taken here, and none is passed on: one call a row, in step with the faults that end the reading.
    on_record: (record: string[]) => {
      reader.read(record);
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(Readable.from(readPieces(file), { objectMode: false }), parser);
  } catch (error) {
    if (error instanceof CsvError) reader.malformed(error);
    else if (!(error instanceof ReadingStopped)) throw error;
  }
}

type RowReader = {
  /** Takes the next row. @throws ReadingStopped */
  read(record: readonly string[]): void;
  malformed(error: CsvError): void;
  stop(row: number, code: FileIssueCode, message: string, column?: string | null): void;
  finish(): PayoutFile;
};

function rowReader(scan: FileScan, rules: FileRules): RowReader {
  const issues = issueList();
  const lines: PayoutLine[] = [];
  const check = payoutChecker(rules, (row) => `row ${row}`);
  let row = 0;
  let rowCount = 0;
  let totalUnits = 0n;
  let header: RecognizedColumns | null = null;
  let readable = true;

  const stop: RowReader['stop'] = (at, code, message, column = null) => {
    readable = false;
    issues.addDecisive({ row: at, column, value: null, code, severity: 'ERROR', message });
  };
  const report: PayoutFile['report'] = (at, { field, value, code, message }) => {
    const column = header?.names[header.indexOf[field] ?? -1] ?? field;
    const { severity } = PAYOUT_ISSUES[code];
    issues.add({ row: at, column, value: echoValue(value), code, severity, message });
  };

  const readHeader = (record: readonly string[]): void => {
    header = recognizeColumns(record, rules.assetSymbol);
    for (const { code, column, message } of header.faults) stop(row, code, message, column);
    if (!readable) throw new ReadingStopped();
  };

  const readPayout = (record: readonly string[], { names, indexOf }: RecognizedColumns): void => {
    rowCount += 1;
    if (rowCount > MAX_PAYOUTS_PER_BATCH) {
      stop(row, 'TOO_MANY_ROWS', `A batch has at most ${MAX_PAYOUTS_PER_BATCH} payouts. Split the file.`);
      throw new ReadingStopped();
    }
    if (record.length < names.length || record.slice(names.length).some(isNotBlank)) {
      const message = `The row has ${record.length} fields, the header ${names.length}. A value that holds the separator must be in double quotes.`;
      const value = echoValue(record.join(' '));
      issues.add({ row, column: null, value, code: 'COLUMN_COUNT', severity: 'ERROR', message });
      return;
    }
    const cell = (index: number | null) => (index === null ? null : (record[index] ?? ''));
    const { line, issues: found } = check(row, {
      recipient: cell(indexOf.recipient) ?? '',
      amount: cell(indexOf.amount) ?? '',
      memo: cell(indexOf.memo),
      reference: cell(indexOf.reference),
    });
    for (const issue of found) report(row, issue);
    if (line === null) return;
    lines.push(line);
    totalUnits += line.units;
  };

  return {
    stop,
    read(record) {
      // Spreadsheets do not show Excel's `sep=;`.
      if (row === 0 && header === null && /^sep=$/i.test(record[0]?.trim() ?? '')) return;
      row += 1;
      const damaged = scan.isUtf8 ? -1 : record.findIndex((value) => value.includes('\ufffd'));
      if (damaged >= 0) {
        stop(row, 'FILE_NOT_UTF8', NOT_UTF8, header?.names[damaged] ?? null);
        throw new ReadingStopped();
      }
      if (!record.some(isNotBlank)) return;
      if (header === null) readHeader(record);
      else readPayout(record, header);
    },
    malformed(error) {
      const column = typeof error.column === 'number' ? (header?.names[error.column] ?? null) : null;
      stop(row + 1, 'FILE_MALFORMED', MALFORMED[error.code] ?? 'The row cannot be read.', column);
    },
    finish() {
      if (readable && !scan.isUtf8) stop(1, 'FILE_NOT_UTF8', NOT_UTF8);
      if (readable && header === null) stop(1, 'FILE_EMPTY', 'The file holds nothing but blank rows.');
      if (readable && rowCount === 0) stop(row, 'FILE_WITHOUT_ROWS', 'There is no row below the header.');
      const preview = (columns: RecognizedColumns): ImportPreview => ({
        rowCount,
        acceptedCount: lines.length,
        totalUnits,
        columns: columns.names,
        ignoredColumns: columns.ignored,
      });
      return { preview: readable && header !== null ? preview(header) : null, lines, issues, report };
    },
  };
}

const NOT_UTF8 =
  'The text is not UTF-8, so that its letters would be read wrongly. Save the file as “CSV UTF-8” and import it again.';

const MALFORMED: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A double quote opens in this row and never closes. Nothing after it can be read.',
  CSV_INVALID_CLOSING_QUOTE:
    'After a closing double quote comes neither a separator nor the end of the row. Write a quote inside a value twice ("").',
  INVALID_OPENING_QUOTE:
    'A double quote stands inside a value that is not quoted. Put the whole value in quotes and write the inner one twice ("").',
  CSV_MAX_RECORD_SIZE: `The row is longer than ${MAX_ROW_CHARACTERS} characters: most likely a double quote opens here and never closes.`,
};

function isNotBlank(value: string): boolean {
  return value.trim() !== '';
}
