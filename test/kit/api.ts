import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { createPostgresHints } from '../../events/postgresHints.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { createDatabase, createPool, type Database } from '../../prisma/database.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { readEnvironment } from '../../server/env.ts';
import { createHealth } from '../../server/health.ts';
import { createLogger } from '../../server/logger.ts';
import { startApi } from '../../server/roles/api.ts';
import { createTestClient, type TestClient } from './client.ts';
import { createTestDatabase } from './postgres.ts';

export type TestApi = {
  /** As in `http://localhost:4321`. */
  origin: string;
  /** As the application's role. Statements here are not counted. */
  database: Database;
  ownerUrl: string;
  log: EventLog;
  /** A client that is nobody. */
  nobody: TestClient;
  /** How many SQL statements the API runs during `action`; transactions' begin and commit count too. */
  countStatements<Value>(action: () => Promise<Value>): Promise<{ value: Value; statements: string[] }>;
  /** What the API's operations port would serve. */
  metrics: Registry;
  /** What the API has logged as errors so far. */
  loggedErrors: unknown[];
  close(): Promise<void>;
};

/**
 * The real API on a free port, over a database of its own. Call `close` in afterAll.
 * @param options.mode `development` shows GraphiQL
 * @param options.allowedOrigins of frontends, besides the API's own
 * @param options.variables more of its environment
 */
export async function startTestApi(
  options: {
    mode?: 'development' | 'production';
    allowedOrigins?: readonly string[];
    variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const pool = createPool(testDatabase.appUrl);
  const statements: string[] = [];
  let isCounting = false;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...parts: unknown[]) => unknown;
    Object.assign(client, {
      query: (...parts: unknown[]) => {
        if (isCounting) statements.push(textOf(parts[0]));
        return query(...parts);
      },
    });
  });
  const database = createDatabase(pool);
  const failed = (error: unknown) => loggedErrors.push(error);
  const loggedErrors: unknown[] = [];
  const hints = createPostgresHints({ database, listenUrl: testDatabase.appUrl, onError: failed });
  const port = await freePort();
  const environment = readEnvironment({
    NODE_ENV: options.mode ?? 'production',
    PORT: `${port}`,
    PUBLIC_ORIGIN: `http://localhost:${port}`,
    ALLOWED_ORIGINS: (options.allowedOrigins ?? []).join(','),
    LOG_LEVEL: 'silent',
    ...options.variables,
  });
  const logger = createLogger('test', 'silent');
  Object.assign(logger, { child: () => Object.assign(createLogger('test', 'silent'), { error: failed }) });
  const log = { database, hints };
  const metrics = new Registry();
  const role = await startApi({
    environment,
    log,
    pool,
    logger,
    chains: [],
    health: createHealth(),
    registry: metrics,
  });
  const origin = environment.publicOrigin;
  return {
    origin,
    database: testDatabase.database,
    ownerUrl: testDatabase.ownerUrl,
    log: { database: testDatabase.database, hints },
    nobody: createTestClient(origin, null),
    loggedErrors,
    metrics,
    countStatements: async (action) => {
      statements.length = 0;
      isCounting = true;
      try {
        return { value: await action(), statements: [...statements] };
      } finally {
        isCounting = false;
      }
    },
    close: async () => {
      await role.close();
      await hints.close();
      await database.destroy();
      await testDatabase.drop();
    },
  };
}

/** A key that no other request uses. */
export function newKey(): string {
  return randomUUID();
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  return query !== null && typeof query === 'object' && 'text' in query ? `${query.text}` : 'unknown';
}
