import { readFileSync } from 'node:fs';

/** What a row says: a recipient in lower case, and base units. */
export type PayrollRow = { recipient: string; units: bigint };

/**
 * The rows of a payroll file: plain comma-separated ones, with the columns recipient and amount.
 * @throws when a column is missing
 */
export function readPayrollFile(path: string, decimals: number): PayrollRow[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8')
    .replace(/^\ufeff/, '')
    .trim()
    .split(/\r?\n/);
  const columns = header.split(',').map((name) => name.trim().toLowerCase());
  const recipientAt = columns.indexOf('recipient');
  const amountAt = columns.indexOf('amount');
  if (recipientAt < 0 || amountAt < 0) throw new Error(`${path} needs the columns recipient and amount.`);
  return lines.map((line) => {
    const cells = line.split(',');
    const [whole = '0', fraction = ''] = (cells[amountAt] ?? '').trim().split('.');
    return {
      recipient: (cells[recipientAt] ?? '').trim().toLowerCase(),
      units: BigInt(whole + fraction.padEnd(decimals, '0')),
    };
  });
}
