import { getAddress } from 'viem';
import { formatAmount } from '../../../core/money.ts';
import { compareRows, type RowDifference } from './compareRows.ts';
import type { PayoutRow } from './payoutRow.ts';
import type { RequestDifference, ShownPayout } from './requestDifference.ts';

/** A payout with its row in the approver's file, as they find it there; without it payouts are counted from 1. */
export type FileRow = PayoutRow & { readonly row?: number };

type Basis = { readonly decimals: number; readonly isOwnFile: boolean };

/** Rows that are not as expected, the first of them in words, and how many there are. */
export function rowDifferences(
  source: 'LISTED_ROWS' | 'MANIFEST',
  expected: readonly FileRow[],
  found: readonly PayoutRow[],
  basis: Basis,
): { differences: RequestDifference[]; differenceCount: number } {
  const { differences, differenceCount } = compareRows(expected, found);
  return {
    differences: differences.map((one) => ({
      ...describe(source, one, expected, basis),
      payouts: payoutsOf(one, expected, found, basis.decimals),
    })),
    differenceCount,
  };
}

function payoutsOf(
  difference: RowDifference,
  expected: readonly FileRow[],
  found: readonly PayoutRow[],
  decimals: number,
): NonNullable<RequestDifference['payouts']> {
  const { kind, index } = difference;
  const own = kind === 'ADDED' ? undefined : expected[index];
  const served = kind === 'REMOVED' ? undefined : found[index];
  return {
    isOfFile: own?.row !== undefined,
    expected: own === undefined ? null : shownPayout(own, decimals),
    found: served === undefined ? null : shownPayout(served, decimals),
  };
}

/** As it is shown. */
export function shownPayout({ recipient, units }: PayoutRow, decimals: number): ShownPayout {
  return { recipient: getAddress(recipient), amount: formatAmount(units, decimals) };
}

function describe(
  source: 'LISTED_ROWS' | 'MANIFEST',
  difference: RowDifference,
  rows: readonly FileRow[],
  { decimals, isOwnFile }: Basis,
): RequestDifference {
  const row = rows[difference.index]?.row ?? difference.index + 1;
  const place = rows[difference.index]?.row === undefined ? `payout ${row}` : `row ${row}`;
  const basis = isOwnFile ? 'your file' : 'the list';
  const amountTo = ({ units, recipient }: PayoutRow) =>
    `${formatAmount(units, decimals)} to ${getAddress(recipient)}`;
  const named = { what: 'ROW', source } as const;
  if (difference.kind === 'ADDED') {
    const found = amountTo(difference.row);
    const sentence = `payout ${difference.index + 1} there is not in ${basis}: ${found}`;
    return { ...named, row: difference.index + 1, expected: null, found, sentence };
  }
  if (difference.kind === 'REMOVED') {
    const expected = amountTo(difference.row);
    return { ...named, row, expected, found: null, sentence: `${place}: missing there: ${expected}` };
  }
  const isAmount = difference.field === 'units';
  const [expected, found] = isAmount
    ? [formatAmount(difference.expected, decimals), formatAmount(difference.found, decimals)]
    : [getAddress(difference.expected), getAddress(difference.found)];
  const sentence = `${place}: the ${isAmount ? 'amount' : 'recipient'} is ${found}, ${basis} says ${expected}`;
  return { ...named, row, expected, found, sentence };
}
