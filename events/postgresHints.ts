import { sql } from 'kysely';
import pg from 'pg';
import type { Database } from '../prisma/database.ts';
import { createEventHints } from './createEventHints.ts';
import type { EventHints } from './eventHints.ts';

const CHANNEL = 'event_hints';
const RECONNECT_DELAY_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Hints by NOTIFY. Sending uses a pooled connection; listening has one of its own, opened when somebody first
 * subscribes and opened again when it breaks.
 * @param options.listenUrl straight to PostgreSQL: LISTEN does not work through a pooler in transaction mode
 * @param options.onError told of each hint that could not be sent and each connection that broke
 */
export function createPostgresHints(options: {
  database: Database;
  listenUrl: string;
  onError: (error: unknown) => void;
}): EventHints {
  const { database, listenUrl, onError } = options;
  let stopListening = () => Promise.resolve();
  return createEventHints(
    {
      async send(message) {
        await sql`select pg_notify(${CHANNEL}, ${message})`.execute(database);
      },
      listen(received, connected) {
        stopListening = keepListening(listenUrl, { received, connected, onError });
      },
      close: () => stopListening(),
    },
    onError,
  );
}

type Handlers = {
  received: (message: string) => void;
  connected: () => void;
  onError: (error: unknown) => void;
};

/** @returns ends listening */
function keepListening(url: string, { received, connected, onError }: Handlers): () => Promise<void> {
  let stopped = false;
  let client: pg.Client | null = null;
  let reconnect: NodeJS.Timeout | undefined;

  const connect = async () => {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'event hints',
    });
    client = next;
    const broken = () => {
      if (client !== next) return;
      client = null;
      if (!stopped) reconnect = setTimeout(connect, RECONNECT_DELAY_MS);
    };
    next.on('notification', (message) => received(message.payload ?? ''));
    next.on('error', onError);
    next.on('end', broken);
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      connected();
    } catch (error) {
      if (!stopped) onError(error);
      broken();
      next.end().catch(onError);
    }
  };
  void connect();
  return async () => {
    stopped = true;
    clearTimeout(reconnect);
    await client?.end();
  };
}
