import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** Keeps our locks apart from other uses of advisory locks in the database. */
const LOCK_CLASS = 0x7062;
const LOCK_POLL_INTERVAL_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 10_000;

/**
 * Waits until this process is the one that indexes a chain, then runs `body`; its signal fires when the lock is lost or
 * `signal` does. The lock only saves the work of a second indexer: compare-and-swap on the chain's head is what keeps
 * data right, should two run at once.
 * @param lockUrl of the database, past any pooler: the lock is its session's
 */
export async function holdChainLock(
  lockUrl: string,
  chainId: string,
  signal: AbortSignal,
  body: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({
    connectionString: lockUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    // Nothing travels while the lock is held: this is how a peer that is gone is noticed.
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
  const lost = new AbortController();
  const onLost = (): void => lost.abort();
  client.on('error', onLost);
  client.on('end', onLost);
  try {
    await client.connect();
    const held = AbortSignal.any([signal, lost.signal]);
    while (!held.aborted && !(await tryLock(client, chainId))) {
      await delay(LOCK_POLL_INTERVAL_MS, undefined, { signal: held }).catch(() => {});
    }
    if (!held.aborted) await body(held);
  } finally {
    await client.end();
  }
}

async function tryLock(client: pg.Client, chainId: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as locked',
    [LOCK_CLASS, chainId],
  );
  return rows[0]?.locked === true;
}
