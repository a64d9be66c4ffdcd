import type { Random } from '../e2e/random.ts';
import { chance, list, PHASES, pick } from './draws.ts';
import type { KillPoint, PlannedAccount, PlannedBatch, PlannedKill, PlannedPause } from './plan.ts';

const MAX_PAUSES = 2;
const LAST_PAUSE_TICK = 16;
const MAX_PAUSE_TICKS = 12;

/** Where a pause is written, ended, and asked for by who is about to sign. */
const STATEMENTS = [
  { role: 'api', match: 'insert into "payout_pause"', most: 1 },
  { role: 'api', match: 'delete from "payout_pause"', most: 1 },
  { role: 'worker', match: '"scope" from "payout_pause"', most: 30 },
] as const;

export const PAUSE_KILL_POINTS: readonly KillPoint[] = STATEMENTS.map(({ role, match }) => ({
  ...{ role, via: 'SQL', match },
}));

/** What payers do beside paying from files: hold payouts and let them go on, and pay one at a time. */
export type Control = {
  readonly batches: readonly PlannedBatch[];
  readonly pauses: readonly PlannedPause[];
  readonly kills: readonly PlannedKill[];
};

/** Of the batches with one row, half become single payments. */
export function drawControl(
  random: Random,
  { accounts, batches }: { accounts: readonly PlannedAccount[]; batches: readonly PlannedBatch[] },
): Control {
  const controlled = batches.map(
    (batch): PlannedBatch =>
      batch.rowCount === 1 && chance(random, 500) ? { ...batch, by: 'SINGLE' } : batch,
  );
  if (chance(random, 400)) return { batches: controlled, pauses: [], kills: [] };
  const pauses = list(random.between(1, MAX_PAUSES), () => drawPause(random, batches.length));
  return {
    batches: controlled,
    pauses: firstOfEach(pauses, accounts, batches),
    kills: chance(random, 400) ? [drawKill(random)] : [],
  };
}

function drawPause(random: Random, batchCount: number): PlannedPause {
  const tick = random.between(1, LAST_PAUSE_TICK);
  return {
    scope: pick(random, ['BATCH', 'ACCOUNT', 'CHAIN'] as const),
    batch: random.between(0, batchCount - 1),
    tick,
    resumeTick: tick + random.between(1, MAX_PAUSE_TICKS),
  };
}

/** Of two who hold the same, one would end the other's pause. */
function firstOfEach(
  pauses: readonly PlannedPause[],
  accounts: readonly PlannedAccount[],
  batches: readonly PlannedBatch[],
): PlannedPause[] {
  const subjectOf = ({ scope, batch }: PlannedPause): string => {
    const account = batches[batch]?.account ?? 0;
    const number = { BATCH: batch, ACCOUNT: account, CHAIN: accounts[account]?.organization };
    return `${scope} ${number[scope]}`;
  };
  return [...Map.groupBy(pauses, subjectOf).values()].flatMap(([first]) => first ?? []);
}

function drawKill(random: Random): PlannedKill {
  const { role, match, most } = pick(random, STATEMENTS);
  return {
    ...{ asker: role, phase: pick(random, PHASES), isEarly: false },
    victim: pick(random, [role, role, role, 'connection', 'postgres'] as const),
    at: { via: 'SQL', match, nth: random.between(1, most) },
  };
}
