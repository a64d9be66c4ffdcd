import fc from 'fast-check';

/** A merge must not depend on luck: there every property draws the same. Everywhere else each run looks at new cases. */
const SEED_OF_CI = 20_261_121;

if (process.env.CI !== undefined) fc.configureGlobal({ seed: SEED_OF_CI });
