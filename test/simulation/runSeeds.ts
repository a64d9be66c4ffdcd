import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAnvil } from '../../server/embedded/anvil.ts';
import { deployContracts } from '../../server/embedded/contracts.ts';
import { SHORT_LIVED } from './shortLived.ts';
import type { Outcome } from './simulate.ts';
import type { FromSlot, PlannedRun, SlotOptions, ToSlot } from './slotMessages.ts';

const SLOT_COMPILE_CACHE = join(tmpdir(), 'protocol-banks-simulation-cache');
const SLOT_PROCESS = fileURLToPath(new URL('./slotProcess.ts', import.meta.url));

export type RunOptions = {
  /** Where databases, chains and logs lie; whoever names it deletes it. */
  readonly directory: string;
  readonly runs: readonly PlannedRun[];
  readonly slots: number;
  readonly tickMs: number;
  /** Whether logs are kept of what went well, too. */
  readonly keepsLogs?: boolean;
  readonly onOutcome: (outcome: Outcome, run: PlannedRun) => void;
};

/** Runs plans, as many at a time as there are slots. */
export async function runSeeds(options: RunOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true });
  const compileCache = join(options.directory, 'compile-cache');
  const logDirectory = join(tmpdir(), 'protocol-banks-simulation-logs');
  const chainState = await prepareChain(join(options.directory, 'chain-template'));
  const runs = [...options.runs];
  await Promise.all(
    Array.from({ length: options.slots }, (_, index) =>
      runSlot(
        {
          directory: join(options.directory, `slot-${index}`),
          ...{
            compileCache,
            logDirectory,
            chainState,
            tickMs: options.tickMs,
            keepsLogs: options.keepsLogs ?? false,
          },
        },
        () => runs.shift() ?? null,
        options.onOutcome,
      ),
    ),
  );
}

/** @throws Error when the slot's process ends before it is told to */
function runSlot(
  options: SlotOptions,
  next: () => PlannedRun | null,
  onOutcome: RunOptions['onOutcome'],
): Promise<void> {
  const child = fork(SLOT_PROCESS, [JSON.stringify(options)], {
    env: { ...process.env, NODE_COMPILE_CACHE: SLOT_COMPILE_CACHE },
    execArgv: [...SHORT_LIVED],
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

async function prepareChain(dataDirectory: string): Promise<SlotOptions['chainState']> {
  const anvil = await startAnvil({ dataDirectory, noMining: true, keepState: true });
  const contracts = await deployContracts(anvil.rpcUrl);
  await anvil.stop();
  return { path: join(dataDirectory, 'state.json'), contracts };
}
