import { getAddress, isAddress } from 'viem';
import { MAX_ROW_DIFFERENCES_NAMED } from '../../chains/evm/codec/compareRows.ts';
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
    if (row === undefined) {
      differences.push(
        difference(
          index,
          null,
          shorten(recipient),
          `payout ${index + 1} is listed, but not in what would be signed`,
        ),
      );
      continue;
    }
    const expected = getAddress(row.recipient);
    const found = isAddress(recipient, { strict: false }) ? getAddress(recipient) : shorten(recipient);
    if (found !== expected)
      differences.push(difference(index, found, expected, sentence(index, 'recipient', found, expected)));
    if (units !== `${row.units}`) {
      const [listedAmount, signedAmount] = [amount(units, decimals), formatAmount(row.units, decimals)];
      differences.push(
        difference(index, listedAmount, signedAmount, sentence(index, 'amount', listedAmount, signedAmount)),
      );
    }
  }
  return differences;
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
