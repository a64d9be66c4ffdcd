import { randomUUID } from 'node:crypto';
import type { ExecutionResult } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import type { Role } from '../../core/permissions.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { createPool } from '../../prisma/database.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { hashSessionToken, newSessionToken } from '../../resolvers/session/sessionToken.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { readEnvironment } from '../../server/env.ts';
import { createHealth } from '../../server/health.ts';
import { createLogger } from '../../server/logger.ts';
import { startApi } from '../../server/roles/api.ts';
import { seedContext } from './importSeed.ts';

const HOUR_MS = 3_600_000;

/** The API as it is in production, on a port of its own. */
export async function startApiOn(log: EventLog, appUrl: string) {
  const port = await freePort();
  const environment = readEnvironment({ PORT: String(port), LOG_LEVEL: 'fatal' });
  const pool = createPool(appUrl, { maxConnections: 1 });
  const registry = new Registry();
  const role = await startApi({
    environment,
    log,
    pool,
    logger: createLogger('test', 'fatal'),
    chains: [],
    health: createHealth(),
    registry,
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/graphql`,
    /** As the process's metrics tell it. */
    async openSubscriptions(): Promise<number> {
      const metrics = await registry.metrics();
      return Number(/^graphql_subscriptions (\d+)$/m.exec(metrics)?.[1]);
    },
    async close() {
      await role.close();
      await pool.end();
    },
  };
}

/** A person with a live session, and the token that it is known by. */
export type SignedIn = { context: RequestContext; sessionId: string; token: string };

export async function signIn(
  log: EventLog,
  organizationId: string,
  roles: readonly Role[],
): Promise<SignedIn> {
  const context = await seedContext(log, organizationId, roles);
  if (context.viewer === null) throw new Error('nobody');
  const { userId } = context.viewer;
  const token = newSessionToken();
  const tokenHash = hashSessionToken(token);
  if (tokenHash === null) throw new Error('no token');
  const sessionId = randomUUID();
  await log.database
    .insertInto('session')
    .values({ id: sessionId, userId, tokenHash, expiresAt: new Date(Date.now() + HOUR_MS) })
    .execute();
  return { context: { ...context, viewer: { userId, sessionId } }, sessionId, token };
}

export type Message = ExecutionResult<Record<string, unknown>>;
/** A client of one session; `subscribe` streams until its iterator's `return`. */
export type StreamClient = {
  subscribe(query: string, variables: Record<string, unknown>): AsyncIterableIterator<Message>;
  close(): void;
};

/** One WebSocket, with the token in the connection's parameters. */
export function webSocketClient(url: string, token: string | null, origin?: string): StreamClient {
  const client = createWebSocketClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, origin === undefined ? {} : { origin });
      }
    },
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  return {
    subscribe: (query, variables) => client.iterate({ query, variables }) as AsyncIterableIterator<Message>,
    close: () => void client.terminate(),
  };
}

/** Server-sent events, one connection a subscription ("distinct connections mode"). */
export function sseClient(url: string, token: string | null, origin?: string): StreamClient {
  const client = createSseClient({
    url,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(origin === undefined ? {} : { origin }),
    },
    retryAttempts: 0,
  });
  return {
    subscribe: (query, variables) => client.iterate({ query, variables }) as AsyncIterableIterator<Message>,
    close: () => client.dispose(),
  };
}
