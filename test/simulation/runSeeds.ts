import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePostgres } from '../../server/embedded/postgres.ts';
import { prepareSlots } from './prepareSlots.ts';
import { ROOMY } from './shortLived.ts';
import type { Outcome } from './simulate.ts';
import type { FromSlot, PlannedRun, SlotOptions, ToSlot } from './slotMessages.ts';

const SLOT_COMPILE_CACHE = join(tmpdir(), 'protocol-banks-simulation-cache');
const SLOT_PROCESS = fileURLToPath(new URL('./slotProcess.ts', import.meta.url));

export type RunOptions = {
  /** Where databases, chains and logs lie; whoever names it deletes it. */
  readonly directory: string;
  /** Awaited while slots are prepared: it takes as long to bundle a system. */
  readonly runs: Promise<readonly PlannedRun[]>;
  readonly slots: number;
  readonly tickMs: number;
  /** Whether logs are kept of what went well, too. */
  readonly keepsLogs?: boolean;
  readonly onOutcome: (outcome: Outcome, run: PlannedRun) => void;
};

/** Runs plans, as many at a time as there are slots. */
export async function runSeeds(options: RunOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true });
  const [prepared, planned] = await Promise.all([prepareSlots(options.directory), options.runs]);
  const shared = {
    compileCache: join(options.directory, 'compile-cache'),
    logDirectory: join(tmpdir(), 'protocol-banks-simulation-logs'),
    prepared,
    tickMs: options.tickMs,
    keepsLogs: options.keepsLogs ?? false,
  };
  const runs = [...planned];
  const next = () => runs.shift() ?? null;
  const slots = Array.from({ length: options.slots }, (_, index) =>
    runSlot({ ...shared, directory: join(options.directory, `slot-${index}`) }, next, options.onOutcome),
  );
  try {
    await Promise.all(slots);
  } finally {
    await removePostgres(prepared.postgres);
  }
}

/** @throws Error when the slot's process ends before it is told to */
function runSlot(
  options: SlotOptions,
  next: () => PlannedRun | null,
  onOutcome: RunOptions['onOutcome'],
): Promise<void> {
  const child = fork(SLOT_PROCESS, [JSON.stringify(options)], {
    env: { ...process.env, NODE_COMPILE_CACHE: SLOT_COMPILE_CACHE },
    execArgv: [...ROOMY],
  });
  return new Promise((resolve, reject) => {
    let run: PlannedRun | null = null;
    let isTold = false;
    child.on('message', (message: FromSlot) => {
      if ('outcome' in message && run !== null) onOutcome(message.outcome, run);
      run = next();
      isTold = run === null;
      child.send({ run } satisfies ToSlot);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (isTold) resolve();
      else reject(new Error(`A slot ended with ${signal ?? `code ${code}`}.`));
    });
  });
}
