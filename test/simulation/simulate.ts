import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { approveAll } from './approveAll.ts';
import { type ChainDriver, driveChain } from './chainDriver.ts';
import { KILL_POINTS } from './drawPlan.ts';
import type { Broken } from './ended.ts';
import { findOpen } from './findOpen.ts';
import { findBroken } from './invariants.ts';
import { armKills, passedPoints } from './kills.ts';
import { createNews } from './news.ts';
import { type PauseReport, pausePayouts } from './pausePayouts.ts';
import { payBatch, type Scene, type Story } from './payBatch.ts';
import { payrollRows } from './payrollRows.ts';
import { type Account, type People, settlePeople } from './people.ts';
import type { KillPoint } from './plan.ts';
import type { Slot } from './slot.ts';
import type { PlannedRun } from './slotMessages.ts';
import { type Subscriber, subscribe } from './subscriber.ts';
import { untilThere } from './withPatience.ts';
import { openWorld, type World } from './world.ts';

/**
 * At ten blocks a second two minutes: what was refused, or taken by a nonce, is sent again after one, what stays out of the
 * chain is paid more for after two. A node that lied may be shut out for longer; the others are enough.
 */
const MAX_BLOCKS_TO_SETTLE = 1_200;
const BLOCKS_BETWEEN_LOOKS = 2;
/** At an end now, and so many blocks later. */
const BLOCKS_OF_QUIET = 10;
/** On a machine that is so busy that they come slower. */
const SETTLE_TIMEOUT_MS = 900_000;

export type Outcome = {
  readonly seed: number;
  readonly broken: readonly Broken[];
  readonly payouts: number;
  readonly pauses: number;
  readonly kills: number;
  /** Where kills could have struck, of all places that are drawn. */
  readonly passed: readonly KillPoint[];
  /** Of nodes and of the chain. */
  readonly faults: number;
  readonly reorgs: number;
  /** From the end of all faults to the last payout's final block. */
  readonly settledAfterBlocks: number;
  readonly seconds: number;
  /** Where logs and notes of a failure lie. */
  readonly logs: string | null;
};

export type SimulationOptions = {
  readonly compileCache: string;
  /** Whether logs are kept of what went well, too. */
  readonly keepsLogs: boolean;
  /** Where logs of failures are kept. */
  readonly logDirectory: string;
  readonly tickMs: number;
  /** The first run of a system lets the processes write their compile caches. */
  readonly isFirst: boolean;
};

/** Runs one plan from an empty database to its last final block, and looks at what came of it. */
export async function simulate(slot: Slot, run: PlannedRun, options: SimulationOptions): Promise<Outcome> {
  const { plan, system, maxBlocksToSettle = MAX_BLOCKS_TO_SETTLE } = run;
  const started = performance.now();
  const world = await openWorld(slot, plan, { ...options, system });
  const driver = driveChain(world, options.tickMs);
  const kills = armKills(world);
  const stories: Story[] = plan.batches.map((planned, index) => ({
    planned,
    rows: payrollRows(plan, index),
    batchIds: [],
    manifest: null,
  }));
  const pauses: PauseReport[] = [];
  const end: (() => Promise<void>)[] = [];
  let broken: readonly Broken[] = [];
  let settledAfterBlocks = 0;
  try {
    const people = await settlePeople(world, fundsOf(stories), () => driver.start());
    world.note('all accounts are funded');
    const news = createNews();
    const approving = approveAll(world, people, news);
    end.push(() => approving.stop());
    const subscribers = await watchAll(world, people, news.hear);
    end.push(...subscribers.map((subscriber) => () => subscriber.stop()));
    kills.begin();
    const ended = payAll({ world, people, driver, news }, stories, pauses);
    // Somebody who pays did not get through: without them nothing would end.
    const failed = ended.then(() => new Promise<never>(() => {}));
    failed.catch((error: unknown) => world.note(`somebody who pays gave up: ${String(error)}`));
    await driver.reach(plan.quietTick);
    await calm(world, driver, stories);
    await kills.disarm();
    world.note('nothing is disturbed any more');
    const settled = await Promise.race([
      untilSettled(world, driver, maxBlocksToSettle).then(() => ended),
      failed,
    ]).then(
      () => null,
      (error: unknown) => error,
    );
    settledAfterBlocks = driver.tick() - plan.quietTick;
    broken = await findBroken({
      world,
      people,
      stories,
      subscribers,
      pauses,
      kills: kills.reports(),
      settled,
    });
  } catch (error) {
    broken = [{ invariant: 'settles-by-itself', details: String((error as Error).stack ?? error) }];
  }
  const faults = driver.faultCount() + nodeFaultCount(world);
  const passed = passedPoints(world, KILL_POINTS);
  await driver.stop();
  await Promise.all(end.map((stop) => stop()));
  for (const { invariant, details } of broken) world.note(`BROKEN ${invariant}: ${details}`);
  await world.close(options.isFirst ? 'SIGTERM' : 'SIGKILL');
  const kept = broken.length === 0 && !options.keepsLogs ? null : keepLogs(world, options.logDirectory);
  rmSync(world.directory, { recursive: true, force: true });
  return {
    ...{ seed: plan.seed, broken, faults, settledAfterBlocks, passed },
    payouts: stories.reduce((sum, { rows }) => sum + rows.length, 0),
    pauses: pauses.length,
    kills: kills.reports().length,
    reorgs: driver.reorgCount(),
    seconds: (performance.now() - started) / 1_000,
    logs: kept,
  };
}

/** @throws NeverCameError; Error when too many blocks have passed */
async function untilSettled(world: World, driver: ChainDriver, maxBlocks: number): Promise<void> {
  const isOver = await untilThere('the end of all batches', SETTLE_TIMEOUT_MS, async () => {
    if (driver.tick() - world.plan.quietTick > maxBlocks) return 'TOO_LATE';
    if ((await findOpen(world)) === null) {
      // What a batch's end sets off, as the close of a vault that still holds something, is signed after it.
      await driver.reach(driver.tick() + BLOCKS_OF_QUIET);
      if ((await findOpen(world)) === null) return 'SETTLED';
    }
    await driver.reach(driver.tick() + BLOCKS_BETWEEN_LOOKS);
    return null;
  });
  if (isOver === 'TOO_LATE') throw new Error(`Not at an end ${maxBlocks} blocks after all faults`);
}

/** Notes and logs of a failure outlive its run. @returns where they lie */
function keepLogs(world: World, logDirectory: string): string {
  const directory = join(logDirectory, `seed-${world.plan.seed}`);
  rmSync(directory, { recursive: true, force: true });
  cpSync(world.directory, directory, { recursive: true });
  return directory;
}

/** Enough for every row of every batch to be on its way four times over. */
function fundsOf(stories: readonly Story[]): bigint {
  return 4n * stories.flatMap(({ rows }) => rows).reduce((sum, { units }) => sum + units, 0n);
}

function watchAll(world: World, people: People, moved: (type: string | null) => void): Promise<Subscriber[]> {
  const client = people.approvers.at(-1)?.client;
  if (client === undefined) throw new Error('Nobody is there to watch.');
  return Promise.all(people.organizations.map(({ id }) => subscribe(world, client, id, moved)));
}

async function payAll(scene: Scene, stories: readonly Story[], pauses: PauseReport[]): Promise<void> {
  const { world, people, driver } = scene;
  driver.begin({
    manifestOf: (batch) => stories[batch]?.manifest ?? null,
    safeOf: (account) => people.accounts[account]?.address ?? null,
  });
  for (const { planned, rows } of stories) {
    for (const row of planned.blockedRows) {
      const { recipient } = rows[row] ?? {};
      if (recipient === undefined) continue;
      driver.setBlocked(recipient, true);
      void driver
        .reach(planned.unblockTick ?? world.plan.quietTick)
        .then(() => driver.setBlocked(recipient, false));
    }
  }
  await Promise.all([
    ...stories.map((story) => {
      const account = people.accounts[story.planned.account] as Account;
      return payBatch(scene, { account, story });
    }),
    ...world.plan.pauses.map((planned) => pausePayouts(scene, stories, planned, pauses)),
  ]);
}

async function calm(world: World, driver: ChainDriver, stories: readonly Story[]): Promise<void> {
  driver.calm();
  for (const { planned, rows } of stories) {
    for (const row of planned.blockedRows) {
      const { recipient } = rows[row] ?? {};
      if (recipient !== undefined) driver.setBlocked(recipient, false);
    }
  }
  for (const { nodes } of Object.values(world.stations)) for (const node of nodes) node.setPlan(null);
}

function nodeFaultCount(world: World): number {
  const all = Object.values(world.stations).flatMap(({ nodes }) => nodes);
  return all
    .flatMap((node) => [...node.faultCounts()])
    .filter(([kind]) => kind !== 'PASS')
    .reduce((sum, [, count]) => sum + count, 0);
}
