import { sql } from 'kysely';
import { createCoalescer } from '../../events/coalescer.ts';
import { endPromptly } from '../../events/endPromptly.ts';
import type { Database } from '../../prisma/database.ts';
import type { ChainRow } from '../chain/loadChains.ts';

/** How often chains that somebody watches are read: also the shortest time between two messages. */
const CHAIN_POLL_INTERVAL_MS = 500;

const LIMITS = { maxKeysPerBatch: 100, maxWaitingKeys: 1_000 };

/** The newest state of chains, shared by all who watch in this process: one statement a tick, none when nobody watches. */
export type ChainHeads = {
  /** The chain now, then whenever its head moved: always the latest, what lies between is left out. */
  follow(chainId: string, signal: AbortSignal): AsyncGenerator<ChainRow, void, undefined>;
  watchedCount(): number;
};

type Watched = { latest: ChainRow | null; waiting: Set<() => void>; watchers: number };

/** One for the whole process. @param onError told of a failed look; the next tick looks again */
export function createChainHeads(database: Database, onError: (error: unknown) => void): ChainHeads {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | null = null;

  const look = createCoalescer<string>(LIMITS, async (chainIds) => {
    try {
      for (const chain of await readChains(database, chainIds)) {
        const entry = watched.get(chain.id);
        if (entry === undefined || (entry.latest !== null && isSame(chain, entry.latest))) continue;
        entry.latest = chain;
        for (const wake of [...entry.waiting]) wake();
      }
    } catch (error) {
      onError(error);
    }
  });

  async function* follow(chainId: string, signal: AbortSignal): AsyncGenerator<ChainRow, void, undefined> {
    const entry = watched.get(chainId) ?? { latest: null, waiting: new Set(), watchers: 0 };
    watched.set(chainId, entry);
    entry.watchers += 1;
    timer ??= setInterval(() => void look(watched.keys()), CHAIN_POLL_INTERVAL_MS);
    void look([chainId]);
    try {
      let told: ChainRow | null = null;
      while (!signal.aborted) {
        const { latest } = entry;
        if (latest === null || (told !== null && isSame(latest, told))) await woken(entry.waiting, signal);
        else {
          told = latest;
          yield told;
        }
      }
    } finally {
      entry.watchers -= 1;
      if (entry.watchers === 0) watched.delete(chainId);
      if (watched.size === 0 && timer !== null) {
        clearInterval(timer);
        timer = null;
      }
    }
  }

  return {
    follow: (chainId, outer) => endPromptly(outer, (signal) => follow(chainId, signal)),
    watchedCount: () => watched.size,
  };
}

function readChains(database: Database, ids: readonly string[]): Promise<ChainRow[]> {
  return database
    .selectFrom('chain')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
}

/** A reorg changes the hash at the same number. */
function isSame(a: ChainRow, b: ChainRow): boolean {
  return (
    a.headHash === b.headHash && a.finalNumber === b.finalNumber && a.nodeHeadNumber === b.nodeHeadNumber
  );
}

function woken(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
