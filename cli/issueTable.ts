import type { ImportIssue } from './payrollDocuments.ts';

const HEADER = ['row', 'column', 'value', 'fault', ''];
const MAX_VALUE_CHARACTERS = 44;
const MAX_ROWS_SHOWN = 50;

/** Row faults as a table for a terminal. What came from the file is shown without control characters. */
export function issueTable(issues: readonly ImportIssue[], issueCount: number): string {
  const rows = issues
    .slice(0, MAX_ROWS_SHOWN)
    .map(({ row, column, value, code, severity, message }) => [
      String(row),
      column ?? '',
      printable(value ?? ''),
      severity === 'WARNING' ? `${code} (warning)` : code,
      message,
    ]);
  const widths = HEADER.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const lines = [HEADER, ...rows].map((row) =>
    row
      .map((cell, index) => (index === HEADER.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  if (issueCount > rows.length) lines.push(`… and ${issueCount - rows.length} more`);
  return lines.join('\n');
}

function printable(value: string): string {
  const plain = value.replace(/\p{C}/gu, '·');
  return plain.length > MAX_VALUE_CHARACTERS ? `${plain.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : plain;
}
