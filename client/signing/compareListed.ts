import { getAddress, isAddress } from 'viem';
import { MAX_ROW_DIFFERENCES_NAMED } from '../../chains/evm/codec/compareRows.ts';
import { shownPayout } from '../../chains/evm/codec/differentRows.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { type RequestDifference, shorten } from '../../chains/evm/codec/requestDifference.ts';
import { formatAmount } from '../../core/money.ts';
import type { ListedPayout } from './servedRequest.ts';

/** Whether the list holds every payout of the batch, in order. */
export function isWholeList(listed: readonly ListedPayout[], payoutCount: number): boolean {
  return listed.length === payoutCount && listed.every(({ index }, position) => index === position);
}

/**
 * Where payouts that people were shown are not what the manifest pays. @returns the first of them
 * @param listed some payouts, each with its index from 0
 * @param decimals of the token
 */
export function compareListed(
  listed: readonly ListedPayout[],
  rows: readonly PayoutRow[],
  decimals: number,
): RequestDifference[] {
  const differences: RequestDifference[] = [];
  for (const { index, recipient, units } of listed) {
    if (differences.length >= MAX_ROW_DIFFERENCES_NAMED) break;
    const row = rows[index];
    const payouts = {
      isOfFile: false,
      expected: { recipient: shownAddress(recipient), amount: amount(units, decimals) },
      found: row === undefined ? null : shownPayout(row, decimals),
    };
    if (row === undefined) {
      const text = `payout ${index + 1} is listed, but not in what would be signed`;
      differences.push({ ...difference(index, null, shorten(recipient), text), payouts });
      continue;
    }
    const expected = getAddress(row.recipient);
    const found = shownAddress(recipient);
    if (found !== expected) {
      const text = sentence(index, 'recipient', found, expected);
      differences.push({ ...difference(index, found, expected, text), payouts });
    }
    if (units !== `${row.units}`) {
      const [listedAmount, signedAmount] = [amount(units, decimals), formatAmount(row.units, decimals)];
      const text = sentence(index, 'amount', listedAmount, signedAmount);
      differences.push({ ...difference(index, listedAmount, signedAmount, text), payouts });
    }
  }
  return differences;
}

function shownAddress(text: string): string {
  return isAddress(text, { strict: false }) ? getAddress(text) : shorten(text);
}

function sentence(index: number, part: string, listed: string, signed: string): string {
  return `payout ${index + 1}: the ${part} is ${signed}, the list says ${listed}`;
}

function amount(units: string, decimals: number): string {
  return /^\d{1,78}$/.test(units) ? formatAmount(BigInt(units), decimals) : shorten(units);
}

function difference(
  index: number,
  expected: string | null,
  found: string | null,
  text: string,
): RequestDifference {
  return { what: 'ROW', source: 'MANIFEST', row: index + 1, expected, found, sentence: text };
}
