import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { NodePool } from '../chains/evm/client/nodes/nodePool.ts';
import { HEAD_POLL_INTERVAL_MS } from '../chains/evm/client/watchHeads.ts';
import { BaseError, InvariantError } from '../core/errors.ts';
import type { EventLog } from '../events/unitOfWork.ts';
import { ChainFollower, type FollowedChain } from './evm/followChain.ts';
import { holdChainLock } from './holdChainLock.ts';
import { FinalBlockLostError } from './indexerErrors.ts';
import type { IndexerMetrics } from './indexerMetrics.ts';
import { WakeUp } from './wakeUp.ts';

export type IndexerOptions = {
  readonly log: EventLog;
  /** Of the same database, past any pooler: a connection of its own holds the chain's lock. */
  readonly lockUrl: string;
  readonly chain: FollowedChain;
  readonly pool: NodePool;
  readonly logger: Logger;
  readonly metrics: IndexerMetrics;
};

export type RunningIndexer = {
  /** Why indexing stands still, for an operator; null while it goes on or stands by. */
  fault(): string | null;
  /** Ends after the block that is being written. */
  close(): Promise<void>;
};

const FAILURE_DELAY_MS = 1_000;
/** A node may restart; what lasts longer is told. */
const FAULT_AFTER_MS = 10_000;

/** Indexes one chain until it is closed, or stands by while another process does. */
export function runIndexer(options: IndexerOptions): RunningIndexer {
  const end = new AbortController();
  const faults = new Faults();
  const running = run(options, end.signal, faults);
  return {
    fault: () => faults.current(),
    close: async () => {
      end.abort();
      await running;
    },
  };
}

/** What stands in the way. Its words are public: never those of an error, which may name hosts and keys. */
class Faults {
  #stopped: string | null = null;
  #since: number | null = null;

  current(): string | null {
    if (this.#stopped !== null) return this.#stopped;
    const lasting = this.#since !== null && performance.now() - this.#since > FAULT_AFTER_MS;
    return lasting ? 'blocks cannot be read or written; the log says why' : null;
  }

  stop(error: FinalBlockLostError | WrongChainError): void {
    this.#stopped = error.message;
  }

  begin(): void {
    this.#since ??= performance.now();
  }

  end(): void {
    this.#since = null;
  }
}

async function run(options: IndexerOptions, signal: AbortSignal, faults: Faults): Promise<void> {
  const { lockUrl, chain, logger, metrics } = options;
  const label = { chain: chain.caip2 };
  metrics.active.set(label, 0);
  metrics.stopped.set(label, 0);
  while (!signal.aborted) {
    try {
      await holdChainLock(lockUrl, chain.id, signal, async (held) => {
        metrics.active.set(label, 1);
        logger.info('indexing');
        await follow(options, held, faults);
      });
    } catch (error) {
      if (error instanceof FinalBlockLostError || error instanceof WrongChainError) {
        metrics.stopped.set(label, 1);
        faults.stop(error);
        logger.fatal({ err: error, details: error.details }, 'indexing of this chain has stopped');
        return;
      }
      metrics.failures.inc(label);
      faults.begin();
      logger.warn({ err: error }, 'the database cannot be reached');
      await delay(FAILURE_DELAY_MS, undefined, { signal }).catch(() => {});
    } finally {
      metrics.active.set(label, 0);
    }
  }
}

/** Passes whenever the node has something new, and at the latest after the poll's time. */
async function follow(options: IndexerOptions, held: AbortSignal, faults: Faults): Promise<void> {
  const { chain, log, logger, metrics, pool } = options;
  // What a block holds is no single node's word.
  const reader = { client: pool.checked, database: log.database, chain };
  const follower = new ChainFollower({ reader, chain, log, logger, metrics });
  const wakeUp = new WakeUp();
  const endWatch = pool.watch((hash) => wakeUp.notify(hash));
  let isHinted = false;
  try {
    while (!held.aborted) {
      try {
        const more = await follower.pass(held, { isHinted });
        faults.end();
        isHinted = !more && (await wakeUp.wait(HEAD_POLL_INTERVAL_MS, follower.reachedHash, held));
      } catch (error) {
        if (error instanceof FinalBlockLostError) throw error;
        if ((await pool.whichChain()) === 'WRONG') throw new WrongChainError(chain.caip2);
        report(logger, error);
        metrics.failures.inc({ chain: chain.caip2 });
        faults.begin();
        await delay(FAILURE_DELAY_MS, undefined, { signal: held }).catch(() => {});
      }
    }
  } finally {
    endWatch();
  }
}

/** Every node is of another chain than the one that was configured. */
export class WrongChainError extends BaseError {
  override readonly name = 'WrongChainError';
  constructor(caip2: string) {
    super('WRONG_CHAIN', 'The nodes are of another chain than the configured one.', { details: { caip2 } });
  }
}

function report(logger: Logger, error: unknown): void {
  const level = error instanceof InvariantError ? 'error' : 'warn';
  logger[level](describe(error), 'a pass failed; the next begins where the database stands');
}

function describe(error: unknown): object {
  return error instanceof BaseError ? { err: error, details: error.details } : { err: error };
}
