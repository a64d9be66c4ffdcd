import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Runner, type RunnerOptions, run, type WorkerEvents } from 'graphile-worker';
import type { Logger } from '../logger.ts';

const RETRY_INTERVAL_MS = 1_000;

export type JobRunner = {
  /** Resolves when the jobs under way have ended. */
  stop(): Promise<void>;
};

/**
 * Runs jobs until it is stopped. A runner of graphile-worker 0.18 asks the database once which tasks it knows, and when that
 * fails keeps the failure: it lives, and never runs a job. Such a one is replaced.
 * @throws when the first one does not start
 */
export async function startJobRunner(
  options: Omit<RunnerOptions, 'events'>,
  logger: Logger,
): Promise<JobRunner> {
  const stopping = new AbortController();
  let replacement: Promise<void> = Promise.resolve();
  let current: Runner | null = await start();

  async function start(): Promise<Runner> {
    const events: WorkerEvents = new EventEmitter();
    let last: unknown = null;
    let isReplaced = false;
    events.on('worker:getJob:error', ({ error }) => {
      // Two failures are two objects: the very same one again is one that was kept.
      if (error === last && !isReplaced) {
        isReplaced = true;
        logger.warn({ err: error }, 'the job runner keeps a failure of its start; another takes its place');
        replacement = replace();
      }
      last = error;
    });
    return run({ ...options, events });
  }

  async function replace(): Promise<void> {
    await current?.stop().catch((error: unknown) => logger.warn({ err: error }, 'a job runner did not stop'));
    current = null;
    while (current === null && !stopping.signal.aborted) {
      current = await start().catch((error: unknown) => {
        logger.warn({ err: error }, 'the job runner does not start; it is tried again');
        return null;
      });
      if (current === null) await delay(RETRY_INTERVAL_MS, null, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    stop: async () => {
      stopping.abort();
      await replacement;
      await current?.stop();
    },
  };
}
