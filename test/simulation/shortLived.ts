/**
 * How `node` runs what lives for seconds: with a new space so large that hardly anything is ever collected. It takes a
 * seventh off what a seed costs.
 */
export const SHORT_LIVED: readonly string[] = ['--min-semi-space-size=32', '--max-semi-space-size=32'];
