import { checkAudit } from './checkAudit.ts';
import { checkMoney } from './checkMoney.ts';
import { checkPauses } from './checkPauses.ts';
import { checkTransactions } from './checkTransactions.ts';
import type { Broken, Ended } from './ended.ts';
import { findOpen } from './findOpen.ts';

type Check = (ended: Ended) => Promise<string | null>;

/** By name; each answers how it is broken, or null. */
export const INVARIANTS: Readonly<Record<string, Check>> = {
  'settles-by-itself': async ({ world, settled }) =>
    settled === null ? null : `${String(settled)}: ${await findOpen(world)}`,
  'independent-audit': checkAudit,
  ...checkMoney,
  ...checkTransactions,
  ...checkPauses,
  'told-once-in-order': async ({ subscribers }) => {
    for (const subscriber of subscribers) {
      const difference = await subscriber.compare();
      if (difference !== null) return difference;
    }
    return null;
  },
  'killed-processes-died': async ({ kills }) => {
    const alive = kills.find(({ died }) => !died);
    return alive === undefined
      ? null
      : `process ${alive.pid} (${alive.planned.victim}) did not die by SIGKILL`;
  },
};

/** Everything that does not hold. */
export async function findBroken(ended: Ended): Promise<Broken[]> {
  const broken: Broken[] = [];
  for (const [invariant, check] of Object.entries(INVARIANTS)) {
    const details = await check(ended).catch((error: unknown) => `could not be checked: ${String(error)}`);
    if (details !== null) broken.push({ invariant, details });
  }
  return broken;
}
