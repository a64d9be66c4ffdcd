/** What a chain of today takes, as of November 2025; `gasPerSecond` is what it takes for long without its fees rising. */
export type TodaysChain = {
  readonly name: string;
  readonly blockGasLimit: number;
  readonly blockSeconds: number;
  readonly gasPerSecond: number;
  readonly source: string;
};

/** Gas of a payout to a new holder of a plain token, in a chunk of 200, as docs/guides/gas.md has it. */
const GAS_PER_PAYOUT = 26_611;

const CHAINS: readonly TodaysChain[] = [
  {
    name: 'Ethereum',
    blockGasLimit: 60_000_000,
    blockSeconds: 12,
    gasPerSecond: 5_000_000,
    source: 'EIP-7935, the default gas limit since Fusaka',
  },
  {
    name: 'Base',
    blockGasLimit: 150_000_000,
    blockSeconds: 2,
    gasPerSecond: 75_000_000,
    source: 'blog.base.dev/scaling-base-doubling-capacity-in-30-days: 75 Mgas/s, on the way to 150',
  },
  {
    name: 'Arbitrum One',
    blockGasLimit: 32_000_000,
    blockSeconds: 0.25,
    gasPerSecond: 7_000_000,
    source: 'docs.arbitrum.io, gas speed limit',
  },
];

/** The embedded chain's block gas limit lets the engine show its own limits; this is what today's chains let it do. */
export function todaysChains(): string {
  return CHAINS.map(({ name, blockGasLimit, blockSeconds, gasPerSecond, source }) => {
    const perBlock = Math.floor(blockGasLimit / GAS_PER_PAYOUT).toLocaleString('en');
    const perSecond = Math.floor(gasPerSecond / GAS_PER_PAYOUT).toLocaleString('en');
    const gas = (blockGasLimit / 1_000_000).toFixed(0);
    return `${name}: ${gas} Mgas a block of ${blockSeconds} s: ${perBlock} payouts a block, ${perSecond}/s for long (${source}).`;
  }).join('\n');
}
