import { BaseError } from './errors.ts';

/** The largest amount of one payout, in base units: a chunk's row gives an amount 12 bytes. */
export const MAX_PAYOUT_UNITS = (1n << 96n) - 1n;

export type AmountFault =
  | 'NOT_A_NUMBER'
  | 'AMBIGUOUS_SEPARATOR'
  | 'TOO_PRECISE'
  | 'ZERO'
  | 'NEGATIVE'
  | 'TOO_LARGE';

/** An amount that was refused; `code` is an AmountFault. */
export class AmountError extends BaseError {
  override readonly name = 'AmountError';
  declare readonly code: AmountFault;
  constructor(code: AmountFault, message: string) {
    super(code, message);
  }
}

const MAX_AMOUNT_CHARACTERS = 100;
const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * Reads an exact decimal amount ("1250.5") into base units. Refuses rather than rounds: more decimals than the asset
 * has, thousands separators (`1,250` is 1250 to some and 1.25 to others), exponents, zero and negatives.
 * @param decimals the asset's decimals, as the chain says
 * @throws AmountError
 */
export function parseAmount(text: string, decimals: number): bigint {
  const trimmed = text.trim();
  if (trimmed.length > MAX_AMOUNT_CHARACTERS) throw new AmountError('TOO_LARGE', 'The amount is too long.');
  if (/^[+-]?[\d.,' \u00a0\u202f]+$/.test(trimmed) && /\d[,' \u00a0\u202f]|\..*\./.test(trimmed)) {
    throw new AmountError(
      'AMBIGUOUS_SEPARATOR',
      `"${trimmed}" can be read in two ways. Write the amount with a point before the decimals and no other separator.`,
    );
  }
  const match = PLAIN.exec(trimmed);
  const [, sign, whole = '', fraction = ''] = match ?? [];
  if (!match || (whole === '' && fraction === '')) {
    throw new AmountError('NOT_A_NUMBER', `"${trimmed}" is not an amount.`);
  }
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) {
    throw new AmountError(
      'TOO_PRECISE',
      `The asset has ${decimals} decimals, "${trimmed}" has ${significant.length}.`,
    );
  }
  const units = BigInt((whole || '0') + significant.padEnd(decimals, '0'));
  if (units === 0n) throw new AmountError('ZERO', 'The amount is zero.');
  if (sign === '-') throw new AmountError('NEGATIVE', 'The amount is negative.');
  if (units > MAX_PAYOUT_UNITS) {
    throw new AmountError(
      'TOO_LARGE',
      'The amount is larger than one payout can carry (2^96 − 1 base units).',
    );
  }
  return units;
}

/** Writes base units as an exact decimal with exactly the asset's decimals: 1250500000n, 6 → "1250.500000". */
export function formatAmount(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals === 0 ? '' : `.${fraction}`}`;
}
