/** Payouts that became final together: how many, and at which block that showed. */
export type FinalGroup = { payouts: number; block: number };

export const BLOCK_SECONDS = 1;

/**
 * Payouts between the first and the last FINAL ÷ that time. Finality comes block by block, so the span counts its first
 * block too: everything final in one block is that many payouts in one block's time.
 */
export function sustainedPayoutsPerSecond(groups: readonly FinalGroup[]): number {
  const blocks = groups.map(({ block }) => block);
  const payouts = groups.reduce((sum, group) => sum + group.payouts, 0);
  return payouts / ((Math.max(...blocks) - Math.min(...blocks) + 1) * BLOCK_SECONDS);
}

/** Blocks from a starting block to the first FINAL: what every batch waits, however small. */
export function fixedLatencyBlocks(groups: readonly FinalGroup[], startBlock: number): number {
  return Math.min(...groups.map(({ block }) => block)) - startBlock;
}
