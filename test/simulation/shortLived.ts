/**
 * How `node` runs what lives for seconds: with a new space so large that hardly anything is ever collected, and without
 * optimizing the WebAssembly of its HTTP client, which nothing here runs often enough. Each takes a tenth off what a seed
 * costs.
 */
export const SHORT_LIVED: readonly string[] = [
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--liftoff-only',
];
