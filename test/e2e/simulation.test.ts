// The simulation under seeds that are always the same, and tests of the simulation itself: broken systems that it must catch.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { copySources, MUTANTS } from '../simulation/mutants.ts';
import type { Plan } from '../simulation/plan.ts';
import { runSeeds } from '../simulation/runSeeds.ts';
import type { Outcome } from '../simulation/simulate.ts';
import { runCommand } from './command.ts';

const SEEDS = 20;
const TICK_MS = 100;

test(`${SEEDS} seeds: whatever they do to the system, everybody is paid once and told once`, async () => {
  const { code, stdout, stderr } = await runCommand('test/simulation/run.ts', [
    ...['--seeds', String(SEEDS), '--json'],
  ]);
  const summary = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(summary.failures, stderr).toEqual([]);
  expect(summary).toMatchObject({ seeds: SEEDS });
  expect(summary.kills).toBeGreaterThan(SEEDS / 2);
  expect(summary.faults).toBeGreaterThan(SEEDS);
  expect(code).toBe(0);
});

async function runPlans(plans: readonly Plan[], name: string, sources?: string): Promise<Outcome[]> {
  const directory = join(inject('e2eDirectory'), name);
  const outcomes: Outcome[] = [];
  await runSeeds({
    ...{ directory, plans, slots: Math.min(plans.length, 2), tickMs: TICK_MS },
    ...(sources === undefined ? {} : { sources }),
    onOutcome: (outcome) => {
      outcomes.push(outcome);
      return false;
    },
  });
  return outcomes;
}

test('the plans for broken systems break nothing in the real one', async () => {
  const outcomes = await runPlans(
    MUTANTS.map(({ plan }) => plan),
    'real',
  );
  expect(outcomes.map(({ broken }) => broken)).toEqual(MUTANTS.map(() => []));
});

test.each(MUTANTS)('it catches: $name', async ({ plan, edits, invariant }) => {
  const sources = join(inject('e2eDirectory'), `mutant-${plan.seed}`);
  mkdirSync(sources, { recursive: true });
  copySources(sources, edits);
  const [outcome] = await runPlans([plan], `run-${plan.seed}`, sources);
  expect(outcome?.broken.map((one) => one.invariant)).toContain(invariant);
});
