import { startBlockClock } from '../payouts/blockClock.ts';
import { payThroughApi } from '../payouts/ours.ts';
import { startBenchStack } from '../payouts/stack.ts';
import { type BenchRow, benchRow, percentile } from '../report.ts';
import { CONSUMERS, type Consumer, ROLES, readCpuSeconds, watchProcesses } from '../volume/processes.ts';
import { profileProcess, type Spent } from '../volume/profile.ts';
import { readStages, type Stages } from './timeline.ts';

const BATCH_LINES = 20_000;
const PARTS_TOLD = 8;

const STAGE_NAMES: Record<keyof Stages, string> = {
  opened: 'approval to open committed',
  signed: 'open committed to a chunk’s signed bytes committed',
  sent: 'committed to a node has it',
  mined: 'a node has it to its block is heard of',
  indexed: 'block heard of to what it did committed',
  told: 'final committed to subscriber told',
};

/**
 * Where the time of one batch goes: by the clock, stage by stage, out of the processes' own log lines, and on the processor,
 * of each process; then by whose code ran, in a batch each. STAGES_LINES=100000 measures another batch.
 */
export async function runStagesSuite(say: (line: string) => void): Promise<BenchRow[]> {
  const lines = Number(process.env.STAGES_LINES ?? BATCH_LINES);
  const { stack, pid, logDirectory, stop } = await startBenchStack();
  const clock = await startBlockClock(stack.evmRpc);
  try {
    say(`${lines} payouts, by the clock…`);
    const used = [readCpuSeconds(pid)];
    const paid = await payThroughApi(stack, clock, lines, () => used.push(readCpuSeconds(pid)));
    used.push(readCpuSeconds(pid));
    const heardAt = (block: bigint) => {
      const heard = clock.heardAt(block);
      return heard === null ? null : performance.timeOrigin + heard;
    };
    const stages = readStages(logDirectory, paid, heardAt);
    const rows = (Object.keys(STAGE_NAMES) as (keyof Stages)[]).flatMap((stage) => stageRows(stage, stages));
    const processes = watchProcesses(pid);
    rows.push(...CONSUMERS.flatMap((consumer) => processorRows(consumer, used, lines)));
    for (const role of ROLES) {
      say(`${lines} payouts, whose code the ${role} runs…`);
      const endProfile = await profileProcess(processes.pidOf(role));
      await payThroughApi(stack, clock, lines);
      rows.push(...profileRows(role, await endProfile()));
    }
    return rows;
  } finally {
    clock.stop();
    await stop();
  }
}

function stageRows(stage: keyof Stages, stages: Stages): BenchRow[] {
  if (stage === 'opened') return [benchRow(STAGE_NAMES.opened, 'ms', stages.opened[0] ?? Number.NaN)];
  return [50, 95].map((p) => benchRow(`${STAGE_NAMES[stage]}, p${p}`, 'ms', percentile(stages[stage], p)));
}

/** @param used before the import, at the last approval, and after the last FINAL */
function processorRows(
  consumer: Consumer,
  used: readonly Record<Consumer, number>[],
  lines: number,
): BenchRow[] {
  const [begun, approved, final] = used.map((seconds) => (seconds[consumer] * 1_000_000) / lines);
  if (begun === undefined || approved === undefined || final === undefined) return [];
  return [
    benchRow(`${consumer}, processor, to the last approval`, 'µs a payout', approved - begun),
    benchRow(`${consumer}, processor, from there to FINAL`, 'µs a payout', final - approved),
  ];
}

/**
 * Whose code a process runs, in shares: being profiled, it takes up to twice the time. A profile samples by the clock, too: on
 * a busy machine a system call that waits for its turn looks long.
 */
function profileRows(role: string, spent: readonly Spent[]): BenchRow[] {
  const parts = new Map<string, number>();
  for (const { part, milliseconds } of spent) parts.set(part, (parts.get(part) ?? 0) + milliseconds);
  const sorted = [...parts].sort(([, left], [, right]) => right - left);
  const total = sorted.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  return sorted
    .slice(0, PARTS_TOLD)
    .map(([part, milliseconds]) => benchRow(`${role}, of it ${part}`, '%', (100 * milliseconds) / total));
}
