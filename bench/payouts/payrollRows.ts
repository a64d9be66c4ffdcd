import { type Address, getAddress, keccak256, stringToBytes } from 'viem';
import { formatAmount } from '../../core/money.ts';

export type BenchPayout = { recipient: Address; units: bigint };

/** Payouts to addresses that hold nothing yet: the dearer case on chain. */
export function payrollRows(label: string, count: number): BenchPayout[] {
  return Array.from({ length: count }, (_, index) => ({
    recipient: getAddress(`0x${keccak256(stringToBytes(`${label}:${index}`)).slice(26)}`),
    units: BigInt(index + 1),
  }));
}

export function payrollCsv(rows: readonly BenchPayout[], decimals: number): string {
  return `recipient,amount\n${rows.map(({ recipient, units }) => `${recipient},${formatAmount(units, decimals)}`).join('\n')}\n`;
}
