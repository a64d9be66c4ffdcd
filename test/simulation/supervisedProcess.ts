import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { ROOMY } from './shortLived.ts';

/** How a process came to its end. */
export type ProcessEnd = {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** When, ms since 1970. */
  readonly at: number;
};

/** A process that is started again whenever it ends, as an operator's supervisor would. */
export type SupervisedProcess = {
  /** Null between an end and the next start. */
  pid(): number | null;
  /** When the process that runs now was started, ms since 1970; null between an end and the next start. */
  startedAt(): number | null;
  /** SIGKILL to the process that runs now. @returns how it ended; null when none ran */
  kill(): Promise<ProcessEnd | null>;
  /** All ends so far, asked for or not. */
  ends(): readonly ProcessEnd[];
  /** Ends it for good. @param signal SIGTERM lets it write its compile cache */
  stop(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
};

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** A process that lived so long was well: its next restart is quick again. */
const WELL_AFTER_MS = 3_000;

/** Starts it. @param options.logPath what it prints is added there */
export function superviseProcess(options: {
  module: string;
  args: readonly string[];
  environment: Readonly<Record<string, string>>;
  logPath: string;
}): SupervisedProcess {
  const ends: ProcessEnd[] = [];
  let child: ChildProcess | null = null;
  let startedAt = 0;
  let ended: Promise<ProcessEnd> | null = null;
  let restart: NodeJS.Timeout | undefined;
  let delayMs = FIRST_DELAY_MS;
  let stopped = false;

  const launch = (): void => {
    const launchedAt = performance.now();
    startedAt = Date.now();
    const log = openSync(options.logPath, 'a');
    const next = fork(options.module, [...options.args], {
      env: options.environment,
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: [...ROOMY],
    });
    closeSync(log);
    child = next;
    ended = new Promise((resolve) => {
      next.once('exit', (code, signal) => {
        const end = { pid: next.pid as number, code, signal, at: Date.now() };
        ends.push(end);
        child = null;
        if (!stopped) {
          const wasWell = performance.now() - launchedAt > WELL_AFTER_MS;
          delayMs = wasWell ? FIRST_DELAY_MS : Math.min(delayMs * 2, MAX_DELAY_MS);
          restart = setTimeout(launch, delayMs);
        }
        resolve(end);
      });
    });
  };
  launch();

  const end = async (signal: NodeJS.Signals): Promise<ProcessEnd | null> => {
    if (child === null || ended === null) return null;
    child.kill(signal);
    return ended;
  };
  return {
    pid: () => child?.pid ?? null,
    startedAt: () => (child === null ? null : startedAt),
    kill: () => end('SIGKILL'),
    ends: () => ends,
    stop: async (signal = 'SIGKILL') => {
      stopped = true;
      clearTimeout(restart);
      await end(signal);
    },
  };
}
