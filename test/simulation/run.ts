// npm run simulate -- [--seeds N] [--from SEED] [--json] [--plan] [--slots N]: runs the system under the faults that seeds draw.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { beginTestRun, endProcessesOf, sweepDeadTestRuns } from '../kit/testRun.ts';
import { bundleSystem } from './bundleSystem.ts';
import { drawPlan } from './drawPlan.ts';
import { runSeeds } from './runSeeds.ts';
import type { Outcome } from './simulate.ts';

const DEFAULT_SEEDS = 20;
const DEFAULT_SLOTS = 2;
const DEFAULT_TICK_MS = 100;
const MAX_DETAILS_CHARACTERS = 600;
const EXIT_BROKEN = 1;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
    from: { type: 'string', default: '1' },
    slots: { type: 'string', default: String(DEFAULT_SLOTS) },
    'tick-ms': { type: 'string', default: String(DEFAULT_TICK_MS) },
    /** The root of another checkout, to simulate that. */
    sources: { type: 'string' },
    json: { type: 'boolean', default: false },
    /** Keeps the logs of what went well, too. */
    keep: { type: 'boolean', default: false },
    /** Prints what the seeds draw, and runs nothing. */
    plan: { type: 'boolean', default: false },
  },
});
const first = Number(values.from);
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index);

if (values.plan) for (const seed of seeds) console.log(JSON.stringify(drawPlan(seed), null, 2));
else process.exitCode = await run();

async function run(): Promise<number> {
  await sweepDeadTestRuns();
  const directory = beginTestRun();
  const started = performance.now();
  const outcomes: Outcome[] = [];
  try {
    const system = bundleSystem({ directory: join(directory, 'system'), sources: values.sources });
    await runSeeds({
      ...{
        directory,
        slots: Math.min(Number(values.slots), seeds.length),
        tickMs: Number(values['tick-ms']),
      },
      runs: system.then((module) => seeds.map((seed) => ({ plan: drawPlan(seed), system: module }))),
      keepsLogs: values.keep,
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        report(outcome);
      },
    });
  } finally {
    const leaked = await endProcessesOf(directory);
    for (const command of leaked) console.error(`Left running, and ended now: ${command}`);
    rmSync(directory, { recursive: true, force: true });
  }
  summarize(outcomes, (performance.now() - started) / 1_000);
  return outcomes.every(({ broken }) => broken.length === 0) ? 0 : EXIT_BROKEN;
}

function report({ seed, broken, logs, settledAfterBlocks, seconds, ...counts }: Outcome): void {
  console.error(
    `seed ${seed}: ${inWords(counts)}, settled ${settledAfterBlocks} blocks after, ${seconds.toFixed(1)} s`,
  );
  if (broken.length === 0) return;
  for (const { invariant, details } of broken) {
    console.error(`  BROKEN ${invariant}: ${details.slice(0, MAX_DETAILS_CHARACTERS)}`);
  }
  console.error(`  Replay: npm run simulate -- --from ${seed} --seeds 1\n  Logs: ${logs}`);
}

type Counts = Pick<Outcome, 'payouts' | 'pauses' | 'kills' | 'faults' | 'reorgs'>;

function inWords({ payouts, pauses, kills, faults, reorgs }: Counts): string {
  return `${payouts} payouts, ${pauses} pauses, ${kills} kills, ${faults} faults, ${reorgs} reorgs`;
}

function summarize(outcomes: readonly Outcome[], seconds: number): void {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const summary = {
    seeds: outcomes.length,
    failures: outcomes.flatMap(({ seed, broken }) => broken.map(({ invariant }) => ({ seed, invariant }))),
    payouts: sum(({ payouts }) => payouts),
    pauses: sum(({ pauses }) => pauses),
    kills: sum(({ kills }) => kills),
    faults: sum(({ faults }) => faults),
    reorgs: sum(({ reorgs }) => reorgs),
    seconds: Math.round(seconds),
  };
  if (values.json) console.log(JSON.stringify(summary));
  else {
    console.log(
      `${summary.seeds} seeds, ${summary.failures.length} broken invariants; ${inWords(summary)} in ${summary.seconds} s`,
    );
  }
}
