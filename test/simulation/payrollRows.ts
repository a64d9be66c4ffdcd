import { type Address, getAddress, type Hex, keccak256, stringToBytes } from 'viem';
import type { Plan } from './plan.ts';

const LEAST_UNITS = 1_000_000n;
const SPREAD_UNITS = 200_000_000n;

export type PayrollRow = { readonly recipient: Address; readonly units: bigint };

/** The rows of a planned batch: the same for the same seed, recipients that no other row of any batch has. */
export function payrollRows(plan: Plan, batch: number): PayrollRow[] {
  const count = plan.batches[batch]?.rowCount ?? 0;
  return Array.from({ length: count }, (_, row) => {
    const drawn: Hex = keccak256(stringToBytes(`simulated payee ${plan.seed} ${batch} ${row}`));
    return {
      recipient: getAddress(`0x${drawn.slice(-40)}`),
      units: LEAST_UNITS + ((BigInt(drawn) >> 160n) % SPREAD_UNITS),
    };
  });
}

/** A decimal amount, as files have it. */
export function decimalAmount(units: bigint): string {
  return `${units / 1_000_000n}.${(units % 1_000_000n).toString().padStart(6, '0')}`;
}

export function payrollFile(rows: readonly PayrollRow[]): string {
  const lines = rows.map(({ recipient, units }) => `${recipient},${decimalAmount(units)}`);
  return `${['recipient,amount', ...lines].join('\n')}\n`;
}
