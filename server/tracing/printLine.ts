import type { LogLine } from './selectLines.ts';

/** What the reader knows already, or does not need. */
const LEFT_OUT = new Set(['level', 'time', 'name', 'pid', 'msg', 'batchId', 'organizationId', 'rows', 'err']);

/** A line for people: when, which process, what, and the rest of its fields. */
export function printLine(line: LogLine, rowIndex: number): string {
  const own = line.rows?.find(({ firstRow, lastRow }) => firstRow <= rowIndex && rowIndex <= lastRow);
  const { firstRow: _first, lastRow: _last, ...ownFields } = own ?? { firstRow: 0, lastRow: 0 };
  const fields = { ...line, ...ownFields };
  const error = (line.err as { message?: string } | undefined)?.message;
  const rest = Object.entries(fields)
    .filter(([key, value]) => !LEFT_OUT.has(key) && value !== null && value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
  const message = error === undefined ? line.msg : `${line.msg}: ${error}`;
  return `${line.time}  ${line.name.padEnd(7)}  ${message}  ${rest.join(' ')}`.trimEnd();
}
