import { MAX_PAYOUTS_PER_BATCH } from '../../core/limits.ts';
import { type PayoutLine, type PayoutRules, payoutChecker } from '../checks/payoutChecker.ts';
import { PAYOUT_ISSUES, type PayoutIssue } from '../checks/payoutIssue.ts';
import { amountReader } from './amountReader.ts';
import { echoValue } from './echoValue.ts';
import type { CellFault, FileIssueCode } from './fileIssue.ts';
import { type IssueList, issueList } from './issueList.ts';
import { type RecognizedColumns, recognizeColumns } from './recognizeColumns.ts';

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
  /** The names of a workbook's sheets, in their order; empty for what is no workbook. */
  readonly sheets: readonly string[];
};

export type PayoutFile = {
  /** Null when the file cannot be read to its end: the issues say why. */
  readonly preview: ImportPreview | null;
  /** The names of a workbook's sheets, known even when the one that was asked for is not there. */
  readonly sheets: readonly string[];
  /** The rows without an error, in the file's order. `row` is the row in the file. */
  readonly lines: readonly PayoutLine[];
  readonly issues: IssueList;
  /** Adds an issue of a row that was found elsewhere. */
  report(row: number, issue: PayoutIssue): void;
};

export type FileRules = PayoutRules & { readonly assetSymbol: string };

/** Ends the reading of a file whose fault is reported: what follows would only be noise. */
export class ReadingStopped extends Error {}

/** Where a row stands that a workbook holds, and what of it cannot be read as it is shown. */
export type SheetRow = {
  readonly row: number;
  readonly isHidden: boolean;
  /** Columns in which a number stands, written with a point before its decimals; 0 is the first. */
  readonly numbers: readonly number[];
  readonly faults: readonly CellFault[];
};

export type RowReader = {
  /** The row that was read last; 0 before the first. */
  readonly row: number;
  /** Null until the header was read. */
  readonly header: RecognizedColumns | null;
  /** Takes a row: of a workbook the one it says, else the next. @throws ReadingStopped */
  read(record: readonly string[], place?: SheetRow): void;
  /** Names the sheets of a workbook. */
  setSheets(names: readonly string[]): void;
  /** Reports what keeps the file from being read to its end. */
  stop(row: number, code: FileIssueCode, message: string, column?: string | null): void;
  finish(): PayoutFile;
};

/** Takes a file's rows as they are read, whatever its form: the first that is not blank is the header, others are payouts. */
export function rowReader(rules: FileRules): RowReader {
  const issues = issueList();
  const lines: PayoutLine[] = [];
  const check = payoutChecker(rules, (row) => `row ${row}`);
  const readAmount = amountReader();
  let row = 0;
  let rowCount = 0;
  let totalUnits = 0n;
  let header: RecognizedColumns | null = null;
  let readable = true;
  let sheets: readonly string[] = [];

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

  const reportCell = (column: string | null, value: string | null, fault: Omit<CellFault, 'index'>): void => {
    issues.add({ row, column, value: echoValue(value), severity: 'ERROR', ...fault });
  };

  const readPayout = (
    record: readonly string[],
    { names, indexOf }: RecognizedColumns,
    place: SheetRow | undefined,
  ): void => {
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
    const faults = [...(place?.faults ?? [])];
    const amount = cell(indexOf.amount) ?? '';
    // How numbers and faulty cells are written says nothing of the texts.
    const isText = !(place?.numbers ?? [])
      .concat(faults.map(({ index }) => index))
      .includes(indexOf.amount ?? -1);
    const noted = isText ? readAmount(row, amount) : { plain: amount };
    if ('code' in noted && indexOf.amount !== null) faults.push({ index: indexOf.amount, ...noted });
    const { line, issues: found } = check(row, {
      recipient: cell(indexOf.recipient) ?? '',
      amount: 'plain' in noted ? noted.plain : amount,
      memo: cell(indexOf.memo),
      reference: cell(indexOf.reference),
    });
    if (place?.isHidden) reportCell(null, null, { code: 'HIDDEN_ROW', message: HIDDEN_ROW });
    for (const { index, ...fault } of faults) reportCell(names[index] ?? null, cell(index), fault);
    for (const issue of found) {
      if (faults.some(({ index }) => index === indexOf[issue.field])) continue;
      report(row, issue.field === 'amount' ? { ...issue, value: amount.trim() } : issue);
    }
    if (line === null || faults.length > 0 || place?.isHidden) return;
    lines.push(line);
    totalUnits += line.units;
  };

  return {
    get row() {
      return row;
    },
    get header() {
      return header;
    },
    stop,
    setSheets(names) {
      sheets = names;
    },
    read(record, place) {
      row = place?.row ?? row + 1;
      if (!record.some(isNotBlank) && (place?.faults ?? []).length === 0) return;
      if (header === null && place?.isHidden) {
        stop(row, 'HIDDEN_ROW', HIDDEN_ROW);
        throw new ReadingStopped();
      }
      if (header === null) readHeader(record);
      else readPayout(record, header, place);
    },
    finish() {
      if (readable && header === null) stop(1, 'FILE_EMPTY', 'The file holds nothing but blank rows.');
      if (readable && rowCount === 0) stop(row, 'FILE_WITHOUT_ROWS', 'There is no row below the header.');
      const preview = (columns: RecognizedColumns): ImportPreview => ({
        rowCount,
        acceptedCount: lines.length,
        totalUnits,
        columns: columns.names,
        ignoredColumns: columns.ignored,
        sheets,
      });
      return { preview: readable && header !== null ? preview(header) : null, sheets, lines, issues, report };
    },
  };
}

const HIDDEN_ROW =
  'The row is hidden, so that nobody sees whether it is to be paid. Show it, or delete it (a filter hides rows too).';

function isNotBlank(value: string): boolean {
  return value.trim() !== '';
}
