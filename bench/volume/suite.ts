import { loadavg } from 'node:os';
import { startBlockClock } from '../payouts/blockClock.ts';
import { payThroughApi } from '../payouts/ours.ts';
import { startBenchStack } from '../payouts/stack.ts';
import { sustainedPayoutsPerSecond } from '../payouts/sustained.ts';
import { type BenchRow, benchRow } from '../report.ts';
import { ROLES, watchProcesses } from './processes.ts';
import { profileProcess } from './profile.ts';

/** Of a profile, so many functions are told. */
const FUNCTIONS_TOLD = 40;
const BATCH_SIZES = [100, 1_000, 10_000, 100_000];

/**
 * One batch of each size from its import to its last FINAL, as a subscriber sees it: how long, how fast, and what each
 * process took of memory and processor. VOLUME_SIZES=100,1000 measures others; VOLUME_PROFILE=worker says where that
 * process spent its time, the largest batch's.
 */
export async function runVolumeSuite(say: (line: string) => void): Promise<BenchRow[]> {
  const sizes = process.env.VOLUME_SIZES?.split(',').map(Number) ?? BATCH_SIZES;
  say('Starting a stack of its own (1 s blocks, block gas limit 3e9)…');
  const { stack, pid, stop } = await startBenchStack();
  const clock = await startBlockClock(stack.evmRpc);
  try {
    const processes = watchProcesses(pid);
    const profiled = ROLES.find((role) => role === process.env.VOLUME_PROFILE);
    const rows: BenchRow[] = [];
    for (const count of sizes) {
      say(`${count} payouts (load ${loadavg()[0]?.toFixed(1)})…`);
      processes.restart();
      const started = performance.now();
      const endProfile = profiled === undefined ? null : await profileProcess(processes.pidOf(profiled));
      const { groups, approvedAtBlock, importSeconds } = await payThroughApi(stack, clock, count);
      const seconds = (performance.now() - started) / 1_000;
      const usages = processes.read();
      for (const { name, milliseconds } of (await endProfile?.())?.slice(0, FUNCTIONS_TOLD) ?? [])
        say(`  ${milliseconds.toFixed(0).padStart(6)} ms  ${name}`);
      const blocks = groups.map(({ block }) => block);
      const lines = `${count.toLocaleString('en')} lines`;
      rows.push(
        benchRow(`${lines}: import`, 's', importSeconds),
        benchRow(`${lines}: last approval to first FINAL`, 'blocks', Math.min(...blocks) - approvedAtBlock),
        benchRow(`${lines}: last approval to last FINAL`, 'blocks', Math.max(...blocks) - approvedAtBlock),
        benchRow(`${lines}: sustained`, 'payouts/s', sustainedPayoutsPerSecond(groups)),
        benchRow(`${lines}: from the import to the last FINAL`, 's', seconds),
        ...Object.entries(usages).flatMap(([role, { peakMegabytes, cpuSeconds }]) => [
          benchRow(`${lines}: ${role}, most memory`, 'MB', peakMegabytes),
          benchRow(`${lines}: ${role}, processor`, 's', cpuSeconds),
        ]),
      );
      say(
        rows
          .slice(-11)
          .map(({ name, ours, unit }) => `  ${name}: ${ours} ${unit}`)
          .join('\n'),
      );
    }
    return rows;
  } finally {
    clock.stop();
    await stop();
  }
}
