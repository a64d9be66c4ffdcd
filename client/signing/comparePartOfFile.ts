import { getAddress } from 'viem';
import { MAX_ROW_DIFFERENCES_NAMED } from '../../chains/evm/codec/compareRows.ts';
import { shownPayout } from '../../chains/evm/codec/differentRows.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import type { RequestDifference } from '../../chains/evm/codec/requestDifference.ts';
import { MAX_DESTINATIONS_PER_PAYEE } from '../../core/limits.ts';
import { formatAmount } from '../../core/money.ts';
import type { FileVerdict, OwnFileRows } from './servedRequest.ts';

const MAX_UNCHECKED_ROWS_NAMED = 20;

type Compared =
  | Extract<FileVerdict, { kind: 'PARTLY' }>
  | { kind: 'DIFFERS'; differences: RequestDifference[]; differenceCount: number };

/**
 * Compares a file of which some rows name their payee by a reference alone. Each row with an address must be paid as it
 * stands; what is left over in the batch can only be payouts to those payees, and never more than their rows add up to.
 */
export function comparePartOfFile(
  { rows, withoutAddress }: OwnFileRows,
  paid: readonly PayoutRow[],
  decimals: number,
): Compared {
  const left = new Map<string, number>();
  let leftCount = paid.length;
  let leftUnits = 0n;
  for (const row of paid) {
    left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) + 1);
    leftUnits += row.units;
  }
  const differences: RequestDifference[] = [];
  let differenceCount = 0;
  for (const row of rows) {
    const count = left.get(keyOf(row)) ?? 0;
    if (count > 0) {
      left.set(keyOf(row), count - 1);
      leftCount -= 1;
      leftUnits -= row.units;
      continue;
    }
    differenceCount += 1;
    if (differences.length >= MAX_ROW_DIFFERENCES_NAMED) continue;
    const expected = `${formatAmount(row.units, decimals)} to ${getAddress(row.recipient)}`;
    const sentence = `row ${row.row}: missing there: ${expected}`;
    differences.push({
      ...{ what: 'ROW', source: 'MANIFEST', expected, found: null, sentence },
      ...(row.row === undefined ? {} : { row: row.row }),
      payouts: { isOfFile: row.row !== undefined, expected: shownPayout(row, decimals), found: null },
    });
  }
  const most = withoutAddress.reduce((sum, { units }) => sum + units, 0n);
  if (leftUnits > most) differences.push(tooMuch(leftUnits, most, decimals));
  const mostPayouts = withoutAddress.length * MAX_DESTINATIONS_PER_PAYEE;
  if (leftCount > mostPayouts) differences.push(tooMany(leftCount, mostPayouts));
  if (differences.length > 0) return { kind: 'DIFFERS', differences, differenceCount };
  return {
    kind: 'PARTLY',
    checkedCount: rows.length,
    uncheckedRows: withoutAddress.slice(0, MAX_UNCHECKED_ROWS_NAMED).map(({ row }) => row),
    uncheckedRowCount: withoutAddress.length,
    uncheckedPayoutCount: leftCount,
    uncheckedUnits: leftUnits,
  };
}

function tooMuch(found: bigint, most: bigint, decimals: number): RequestDifference {
  const [foundText, mostText] = [formatAmount(found, decimals), formatAmount(most, decimals)];
  return {
    what: 'TOTAL',
    source: 'MANIFEST',
    expected: mostText,
    found: foundText,
    sentence: `Payouts that no row with an address accounts for add up to ${foundText}; your rows without an address only to ${mostText}.`,
  };
}

function tooMany(found: number, most: number): RequestDifference {
  return {
    what: 'PAYOUT_COUNT',
    source: 'MANIFEST',
    expected: `${most}`,
    found: `${found}`,
    sentence: `${found} payouts are accounted for by no row with an address; your rows without one make ${most} at most.`,
  };
}

function keyOf({ recipient, units }: PayoutRow): string {
  return `${recipient.toLowerCase()} ${units}`;
}
