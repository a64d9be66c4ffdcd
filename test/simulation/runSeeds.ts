import { fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startAnvil } from '../../server/embedded/anvil.ts';
import { deployContracts } from '../../server/embedded/contracts.ts';
import type { Plan } from './plan.ts';
import type { Outcome } from './simulate.ts';
import type { FromSlot, SlotOptions, ToSlot } from './slotMessages.ts';

const SLOT_PROCESS = fileURLToPath(new URL('./slotProcess.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type RunOptions = {
  /** Where databases, chains and logs lie; whoever names it deletes it. */
  readonly directory: string;
  readonly plans: Iterable<Plan>;
  readonly slots: number;
  readonly tickMs: number;
  /** Whether logs are kept of what went well, too. */
  readonly keepsLogs?: boolean;
  /** The root of the system that is run: this checkout unless said. */
  readonly sources?: string;
  /** Told of each plan that was run; true: no further ones. */
  readonly onOutcome: (outcome: Outcome) => boolean;
};

/** Runs plans, as many at a time as there are slots. */
export async function runSeeds(options: RunOptions): Promise<void> {
  mkdirSync(options.directory, { recursive: true });
  const compileCache = join(tmpdir(), 'protocol-banks-simulation-cache');
  const logDirectory = join(tmpdir(), 'protocol-banks-simulation-logs');
  const chainState = await prepareChain(join(options.directory, 'chain-template'));
  const plans = options.plans[Symbol.iterator]();
  let isOver = false;
  const next = (): Plan | null => {
    if (isOver) return null;
    const { value, done } = plans.next();
    return done === true ? null : value;
  };
  await Promise.all(
    Array.from({ length: options.slots }, (_, index) =>
      runSlot(
        {
          directory: join(options.directory, `slot-${index}`),
          sources: options.sources ?? ROOT,
          ...{
            compileCache,
            logDirectory,
            chainState,
            tickMs: options.tickMs,
            keepsLogs: options.keepsLogs ?? false,
          },
        },
        next,
        (outcome) => {
          isOver = options.onOutcome(outcome) || isOver;
        },
      ),
    ),
  );
}

/** @throws Error when the slot's process ends before it is told to */
function runSlot(
  options: SlotOptions,
  next: () => Plan | null,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  const child = fork(SLOT_PROCESS, [JSON.stringify(options)], {
    env: { ...process.env, NODE_COMPILE_CACHE: options.compileCache },
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    let isTold = false;
    child.on('message', (message: FromSlot) => {
      if ('outcome' in message) onOutcome(message.outcome);
      const plan = next();
      isTold = plan === null;
      child.send({ plan } satisfies ToSlot);
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
