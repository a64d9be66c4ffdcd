import { randomInt } from 'node:crypto';

const MAX_SEED = 2 ** 31;

/** Draws that are the same again for the same seed (mulberry32). */
export type Random = {
  /** Named in a test's failure: set SEED to it to draw the same again. */
  seed: number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
};

/** Draws by a seed: the environment's SEED unless said, or else one that nobody chose. */
export function createRandom(seed = Number(process.env.SEED ?? randomInt(MAX_SEED))): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, between: (least, most) => least + Math.floor(next() * (most - least + 1)) };
}
