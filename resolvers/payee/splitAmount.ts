/** The whole of a payee's shares, in millionths. */
export const WHOLE_MILLIONTHS = 1_000_000;

export type SplitDestination = {
  /** 1 to 1,000,000; those of one payee add up to 1,000,000. */
  readonly shareMillionths: number;
  /** Of the destination's asset. */
  readonly decimals: number;
};

export type SplitFault = 'SHARE_TOO_SMALL' | 'AMOUNT_TOO_PRECISE';

/**
 * Splits one line's amount over its payee's destinations, exactly: as decimal numbers the parts add up to the amount. Each
 * but the first gets its share rounded down to what its own asset and the line's can both express; the first gets what is
 * left, and is refused when its asset cannot express that. Nothing is lost, made or rounded up.
 * @param units the line's amount, in base units of an asset with `decimals`
 * @returns base units of each destination's own asset, in their order; or why there are none
 */
export function splitAmount(
  units: bigint,
  decimals: number,
  destinations: readonly SplitDestination[],
): bigint[] | { fault: SplitFault; index: number } {
  const parts: bigint[] = [];
  let left = units;
  for (const [index, { shareMillionths, decimals: own }] of destinations.entries()) {
    if (index === 0) continue;
    const step = 10n ** BigInt(Math.max(0, decimals - own));
    const share = (units * BigInt(shareMillionths)) / BigInt(WHOLE_MILLIONTHS);
    const part = share - (share % step);
    if (part === 0n) return { fault: 'SHARE_TOO_SMALL', index };
    parts.push(scaled(part, decimals, own));
    left -= part;
  }
  const own = destinations[0]?.decimals ?? decimals;
  if (left === 0n) return { fault: 'SHARE_TOO_SMALL', index: 0 };
  if (own < decimals && left % 10n ** BigInt(decimals - own) !== 0n) {
    return { fault: 'AMOUNT_TOO_PRECISE', index: 0 };
  }
  return [scaled(left, decimals, own), ...parts];
}

/** The same decimal number in base units of another asset; exact, as callers made sure. */
function scaled(units: bigint, from: number, to: number): bigint {
  return to >= from ? units * 10n ** BigInt(to - from) : units / 10n ** BigInt(from - to);
}
