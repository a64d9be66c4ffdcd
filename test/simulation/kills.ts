import { setTimeout as delay } from 'node:timers/promises';
import type { Failpoint, HookResult } from '../kit/failpoints.ts';
import type { KillPoint, PlannedKill } from './plan.ts';
import type { World } from './world.ts';

/** How long an operator's supervisor leaves PostgreSQL dead. */
const POSTGRES_DOWN_MS = 200;

/** What became of a planned kill; a failpoint that nothing met killed nobody. */
export type KillReport = {
  readonly planned: PlannedKill;
  readonly pid: number;
  /** Whether the process that was to die is gone, by SIGKILL. */
  readonly died: boolean;
};

export type ArmedKills = {
  reports(): readonly KillReport[];
  /** The accounts are funded: arms all that were to wait for that. */
  begin(): void;
  /** No further kills; resolves when PostgreSQL runs, if it was killed. */
  disarm(): Promise<void>;
};

/** Arms the failpoints of the plan. */
export function armKills(world: World): ArmedKills {
  const reports: KillReport[] = [];
  let postgres: Promise<void> = Promise.resolve();
  let isPostgresDown = false;

  const killPostgres = async (planned: PlannedKill): Promise<void> => {
    if (isPostgresDown) return;
    isPostgresDown = true;
    const pid = await world.slot.killPostgres();
    reports.push({ planned, pid, died: true });
    postgres = delay(POSTGRES_DOWN_MS)
      .then(() => world.slot.restartPostgres())
      .then(() => {
        isPostgresDown = false;
        world.note('PostgreSQL runs again');
      });
    postgres.catch((error: unknown) => world.note(`PostgreSQL does not start: ${String(error)}`));
  };
  const strike = async (planned: PlannedKill): Promise<HookResult> => {
    world.note(`kill ${planned.victim}, ${planned.phase} ${JSON.stringify(planned.at)} of ${planned.asker}`);
    if (planned.victim === 'postgres') {
      await killPostgres(planned);
      return 'CUT';
    }
    if (planned.victim === 'connection') return 'CUT';
    const { process } = world.stations[planned.victim];
    const pid = process.pid();
    const end = await process.kill();
    // Another failpoint was quicker: it is dead, and that is reported there.
    if (pid !== null && end !== null) {
      reports.push({ planned, pid, died: end.pid === pid && end.signal === 'SIGKILL' });
    }
    return 'CUT';
  };
  const arm = (planned: PlannedKill): Failpoint<unknown> => {
    const { at, phase, asker } = planned;
    const station = world.stations[asker];
    const hook = () => strike(planned);
    if (at.via === 'SQL') return station.postgres.onStatement(patternOf(at.match), at.nth, phase, hook);
    const node = station.nodes[at.node];
    if (node === undefined) throw new Error(`There is no node ${at.node}.`);
    return node.onRequest(at.match, at.nth, phase, hook);
  };
  const armed = world.plan.kills.filter(({ isEarly }) => isEarly).map(arm);
  return {
    reports: () => reports,
    begin: () => {
      armed.push(...world.plan.kills.filter(({ isEarly }) => !isEarly).map(arm));
    },
    disarm: async () => {
      for (const failpoint of armed) failpoint.disarm();
      await postgres;
    },
  };
}

/** Of these places, those that the processes have passed so far: at another, no kill would ever strike. */
export function passedPoints({ stations }: World, points: readonly KillPoint[]): KillPoint[] {
  return points.filter(({ role, via, match }) => {
    const { postgres, nodes } = stations[role];
    const names =
      via === 'SQL'
        ? [...postgres.statementCounts().keys()]
        : nodes.flatMap((node) => [...node.callCounts().keys()]);
    const pattern = patternOf(match);
    return names.some((name) => pattern.test(name));
  });
}

/** A query builder puts names in quotes, a person does not. */
function patternOf(match: string): RegExp {
  return new RegExp(match.replaceAll(/[^\w" ]/g, '\\$&').replaceAll('"', '"?'));
}
