/**
 * How `node` runs what lives for seconds, and runs hardly anything often: with a new space so large that little is ever
 * collected, which takes a seventh off what a seed costs, and with optimizing compilers that wait for what is hot indeed: a
 * twentieth.
 */
export const SHORT_LIVED: readonly string[] = [
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--invocation-count-for-maglev=2000',
  '--invocation-count-for-turbofan=12000',
  '--liftoff-only',
];
