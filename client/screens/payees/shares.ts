import { AmountError, formatAmount, parseAmount } from '../../../core/money.ts';

const SHARE_DECIMALS = 6;
const PERCENT_DECIMALS = 4;
export const WHOLE_MILLIONTHS = 1_000_000n;

/** "33.3333", also with a comma, as millionths of the whole; null for what is no share. */
export function readPercent(text: string): bigint | null {
  try {
    const millionths = parseAmount(text.trim().replace(',', '.'), PERCENT_DECIMALS);
    return millionths <= WHOLE_MILLIONTHS ? millionths : null;
  } catch (error) {
    if (error instanceof AmountError) return null;
    throw error;
  }
}

/** 333333n → "33.3333", 250000n → "25". */
export function percentText(millionths: bigint): string {
  return formatAmount(millionths, PERCENT_DECIMALS).replace(/\.?0+$/, '');
}

/** 333333n → "0.333333", as the server takes it. */
export function shareText(millionths: bigint): string {
  return formatAmount(millionths, SHARE_DECIMALS);
}

/** "0.333333" → "33.3333". */
export function percentOfShare(share: string): string {
  return percentText(parseAmount(share, SHARE_DECIMALS));
}

/** What is not readable counts as nothing. */
export function sumPercents(texts: readonly string[]): bigint {
  return texts.reduce((sum, text) => sum + (readPercent(text) ?? 0n), 0n);
}
