import type { Ended } from './ended.ts';

const MOST_NAMED = 3;

/** What pauses promise to whoever was told that they stand. */
export const checkPauses = {
  'pauses-hold': async ({ pauses }: Ended) => {
    for (const { scope, uuid, signed } of pauses) {
      if (signed.length > 0) return `${scope} ${uuid}: ${signed.slice(0, MOST_NAMED).join('; ')}`;
    }
    return null;
  },
};
