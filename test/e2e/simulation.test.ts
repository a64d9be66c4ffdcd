// The simulation under seeds that are always the same, and tests of the simulation itself: broken systems that it must catch.
import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { bundleSystem } from '../simulation/bundleSystem.ts';
import { drawPlan, KILL_POINTS } from '../simulation/drawPlan.ts';
import { MUTANTS } from '../simulation/mutants.ts';
import type { KillPoint } from '../simulation/plan.ts';
import { runSeeds } from '../simulation/runSeeds.ts';
import type { Outcome } from '../simulation/simulate.ts';
import type { PlannedRun } from '../simulation/slotMessages.ts';

const SEEDS = 20;
/** A run waits a third of its time: three keep two cores busy. */
const SLOTS = 3;
const TICK_MS = 100;
/** What breaks shows early; some broken systems never come to an end. */
const MAX_BLOCKS_OF_BROKEN = 150;
/** Ten times what it takes on two cores at rest: only a run that hangs ever takes so long. */
const TIMEOUT_MS = 1_500_000;

const outcomes = new Map<PlannedRun, Outcome>();
let seeds: readonly PlannedRun[] = [];
let untouched: readonly PlannedRun[] = [];
let broken: readonly PlannedRun[] = [];

// All of them together, so that they share PostgreSQL, contracts and what was compiled.
beforeAll(async () => {
  const directory = inject('e2eDirectory');
  const bundle = (name: string, edits?: (typeof MUTANTS)[number]['edits']) =>
    bundleSystem({ directory: join(directory, name), ...(edits && { edits }) });
  const mutants: PlannedRun[] = [];
  for (const { plan, edits } of MUTANTS) {
    mutants.push({
      ...{ plan, system: await bundle(`mutant-${plan.seed}`, edits) },
      maxBlocksToSettle: MAX_BLOCKS_OF_BROKEN,
    });
  }
  broken = mutants;
  const started = performance.now();
  const runs = bundle('system').then((system) => {
    seeds = Array.from({ length: SEEDS }, (_, index) => ({ plan: drawPlan(index + 1), system }));
    untouched = MUTANTS.map(({ plan }) => ({ plan, system }));
    return [...seeds.toSorted(byLength), ...broken, ...untouched];
  });
  await runSeeds({
    ...{ directory: join(directory, 'simulation'), runs, slots: SLOTS, tickMs: TICK_MS },
    onOutcome: (outcome, run) => {
      outcomes.set(run, outcome);
      if (!seeds.includes(run) || outcomesOf(seeds).length < SEEDS) return;
      console.log(`${SEEDS} seeds in ${((performance.now() - started) / 1_000).toFixed(0)} s.`);
    },
  });
}, TIMEOUT_MS);

/** The longest first: the last ones end together. */
function byLength(left: PlannedRun, right: PlannedRun): number {
  const rowsOf = ({ plan }: PlannedRun) => plan.batches.reduce((sum, { rowCount }) => sum + rowCount, 0);
  return rowsOf(right) - rowsOf(left);
}

const nameOf = ({ role, via, match }: KillPoint) => `${role}, ${via}: ${match}`;
const outcomesOf = (runs: readonly PlannedRun[]) => runs.flatMap((run) => outcomes.get(run) ?? []);
const brokenOf = (runs: readonly PlannedRun[]) =>
  outcomesOf(runs).flatMap(({ seed, broken, logs }) =>
    broken.map(({ invariant, details }) => ({ seed, invariant, details, logs })),
  );

test(`${SEEDS} seeds: whatever they do to the system, everybody is paid once and told once`, () => {
  expect(brokenOf(seeds)).toEqual([]);
  const ran = outcomesOf(seeds);
  expect(ran).toHaveLength(SEEDS);
  expect(ran.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(SEEDS / 2);
  expect(ran.reduce((sum, { faults }) => sum + faults, 0)).toBeGreaterThan(SEEDS);
});

test('no place where a seed may kill is one that no process ever passes', () => {
  const passed = new Set(outcomesOf(seeds).flatMap((outcome) => outcome.passed.map(nameOf)));
  expect(KILL_POINTS.map(nameOf).filter((name) => !passed.has(name))).toEqual([]);
});

test('the plans for broken systems break nothing in the real one', () => {
  expect(brokenOf(untouched)).toEqual([]);
  expect(outcomesOf(untouched)).toHaveLength(MUTANTS.length);
});

test.each(MUTANTS.map(({ name, invariant }, index) => ({ name, invariant, index })))(
  'it catches: $name',
  ({ invariant, index }) => {
    const caught = brokenOf(broken.slice(index, index + 1)).map((one) => one.invariant);
    expect(caught).toContain(invariant);
  },
);
