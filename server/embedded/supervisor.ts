import { type ChildProcess, fork } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedError } from './embeddedError.ts';

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** A process that lived so long was well: the next restart is quick again. */
const HEALTHY_AFTER_MS = 30_000;
/** So many ends before the first success, and the start gives up. */
const MAX_FAILED_STARTS = 3;
const STOP_TIMEOUT_MS = 20_000;
const MAX_LOG_FILE_BYTES = 20 * 1024 * 1024;
const LOG_TAIL_CHARACTERS = 2_000;

const ErrorLine = z.object({ err: z.object({ message: z.string() }) });

/** One process to keep alive. */
export type Supervised = {
  name: string;
  module: string;
  args: readonly string[];
  /** All of its environment: nothing is inherited. */
  environment: Readonly<Record<string, string>>;
};

export type Supervisor = {
  /** Starts a process and resolves when it says `{ started }`. @throws EmbeddedError when it keeps failing */
  start(what: Supervised): Promise<void>;
  /** Sends a message to a process, now and after each restart. */
  tell(name: string, message: object): void;
  /** Ends all of them, cleanly where they let us. */
  stop(): Promise<void>;
};

/**
 * Keeps processes alive: one that ends is started again, sooner or later by how long it lived. Their output goes to
 * `<logDirectory>/<name>.log`.
 * @param options.notify told in a sentence when a process ended and is started again
 */
export function createSupervisor(options: {
  logDirectory: string;
  notify: (sentence: string) => void;
}): Supervisor {
  mkdirSync(options.logDirectory, { recursive: true, mode: 0o700 });
  const kept = new Map<string, Kept>();
  return {
    start: async (what) => {
      const path = join(options.logDirectory, `${what.name}.log`);
      const process = keepAlive(what, openLog(path), options.notify);
      kept.set(what.name, process);
      if (await process.firstStart) return;
      throw new EmbeddedError(
        `The ${what.name} does not start: ${lastFault(readFileSync(path, 'utf8'))}\nIts log: ${path}`,
      );
    },
    tell: (name, message) => kept.get(name)?.tell(message),
    stop: async () => {
      await Promise.all([...kept.values()].map((process) => process.stop()));
    },
  };
}

type Kept = {
  /** Resolves with false when the process ended MAX_FAILED_STARTS times before it ever started. */
  firstStart: Promise<boolean>;
  tell(message: object): void;
  stop(): Promise<void>;
};

function keepAlive(what: Supervised, log: WriteStream, notify: (sentence: string) => void): Kept {
  const firstStart = Promise.withResolvers<boolean>();
  const messages: object[] = [];
  let child: ChildProcess | null = null;
  let ended = Promise.resolve();
  let restart: NodeJS.Timeout | undefined;
  let everStarted = false;
  let failures = 0;
  let stopping = false;

  const launch = () => {
    const launchedAt = Date.now();
    const next = fork(what.module, [...what.args], {
      env: what.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = next;
    next.stdout?.pipe(log, { end: false });
    next.stderr?.pipe(log, { end: false });
    next.on('message', () => {
      if (!everStarted) firstStart.resolve(true);
      everStarted = true;
    });
    for (const message of messages) next.send(message);
    ended = new Promise((resolve) => {
      next.once('exit', (code, signal) => {
        child = null;
        resolve();
        if (stopping) return;
        failures = Date.now() - launchedAt > HEALTHY_AFTER_MS ? 1 : failures + 1;
        if (!everStarted && failures >= MAX_FAILED_STARTS) {
          firstStart.resolve(false);
          return;
        }
        const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), MAX_DELAY_MS);
        notify(`The ${what.name} ended (${signal ?? `exit code ${code}`}) and is started again.`);
        restart = setTimeout(launch, delayMs);
      });
    });
  };
  launch();

  return {
    firstStart: firstStart.promise,
    tell: (message) => {
      messages.push(message);
      child?.send(message, () => {});
    },
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      child?.kill('SIGTERM');
      const late = setTimeout(() => child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(late);
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
}

/** What the log's last error says; what is not a line of ours, as it is. */
function lastFault(log: string): string {
  for (const line of log.trimEnd().split('\n').reverse()) {
    const parsed = ErrorLine.safeParse(safeJson(line));
    if (parsed.success) return parsed.data.err.message;
  }
  return log.slice(-LOG_TAIL_CHARACTERS).trim();
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A log that grew too long begins anew; the one before it is kept. */
function openLog(path: string): WriteStream {
  if (existsSync(path) && statSync(path).size > MAX_LOG_FILE_BYTES) renameSync(path, `${path}.1`);
  return createWriteStream(path, { flags: 'a', mode: 0o600 });
}
