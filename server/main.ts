// One process of the system, with any of its roles: node server/main.ts --roles api,worker,indexer
import { parseArgs } from 'node:util';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createPostgresHints } from '../events/postgresHints.ts';
import { createRedisHints } from '../events/redisHints.ts';
import type { EventLog } from '../events/unitOfWork.ts';
import { createDatabase, createPool } from '../prisma/database.ts';
import { type Environment, EnvironmentError, readEnvironment } from './env.ts';
import { createHealth } from './health.ts';
import { startOperationsServer } from './http/operationsServer.ts';
import { loadChains } from './loadChains.ts';
import { logEvents } from './logEvents.ts';
import { createLogger, type Logger } from './logger.ts';
import { createNodePools } from './nodePools.ts';
import { addParentGate } from './parentGate.ts';
import { addChainChecks, addDatabaseCheck } from './readiness.ts';
import { ROLE_NAMES, type RoleName, type RunningRole, type StartRole } from './roles/role.ts';
import { untilAskedToStop } from './untilAskedToStop.ts';

// Loaded when asked for: a worker needs no GraphQL, an API no relayer.
const START: Record<RoleName, StartRole> = {
  api: async (dependencies) => (await import('./roles/api.ts')).startApi(dependencies),
  worker: async (dependencies) => (await import('./roles/worker.ts')).startWorker(dependencies),
  indexer: async (dependencies) => (await import('./roles/indexer.ts')).startIndexer(dependencies),
};
/** After this the process ends with whatever is still under way; all of it recovers from the database. */
const CLOSE_TIMEOUT_MS = 15_000;

const { roles, gated } = parseArguments();
const environment = readEnvironment();
const logger = createLogger(roles.join('+'), environment.logLevel);
process.on('unhandledRejection', (error) => end(logger, error));
process.on('uncaughtException', (error) => end(logger, error));
try {
  await run(roles, environment, logger);
} catch (error) {
  end(logger, error);
}

async function run(names: readonly RoleName[], environment: Environment, logger: Logger): Promise<void> {
  const { databaseUrl, databaseListenUrl } = environment;
  if (databaseUrl === null || databaseListenUrl === null) {
    throw new EnvironmentError('Set DATABASE_URL, or run npm start, which brings its own database.');
  }
  const stop = untilAskedToStop();
  const pool = createPool(databaseUrl.reveal());
  const database = createDatabase(pool);
  const onError = (error: unknown) => logger.warn({ err: error }, 'event hints');
  const hints =
    environment.redisUrl === null
      ? createPostgresHints({ database, listenUrl: databaseListenUrl.reveal(), onError })
      : createRedisHints({ url: environment.redisUrl.reveal(), onError });
  const chains = await loadChains(database, environment.chains);
  const chainNames = new Map(chains.map(({ id, caip2 }) => [id, caip2]));
  const log: EventLog = { database, hints, committed: logEvents(logger, chainNames) };
  const health = createHealth(logger);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addDatabaseCheck(health, database);
  // The other roles would only repeat it: it is the API whose answers are old.
  if (names.includes('api')) addChainChecks(health, database, chains);
  if (gated) addParentGate(health);
  const { operations } = environment;
  const running: RunningRole[] = [];
  // First: why a role does not start is asked there too.
  if (operations !== null)
    running.push(await startOperationsServer({ ...operations, health, registry, logger }));
  const nodePools = createNodePools(logger, registry);
  const dependencies = { environment, log, pool, logger, chains, nodePools, health, registry };
  for (const name of names) {
    running.push(await START[name](dependencies));
    logger.info({ role: name }, 'started');
  }
  process.send?.({ started: names });
  logger.info({ reason: await stop }, 'stopping');
  setTimeout(
    () => end(logger, new Error(`Not closed after ${CLOSE_TIMEOUT_MS} ms`)),
    CLOSE_TIMEOUT_MS,
  ).unref();
  await Promise.all(running.map((role) => role.close()));
  nodePools.close();
  await hints.close();
  await database.destroy();
  if (process.connected) process.disconnect();
}

function parseArguments(): { roles: RoleName[]; gated: boolean } {
  const { values } = parseArgs({
    options: {
      roles: { type: 'string', default: ROLE_NAMES.join(',') },
      // Healthy only once the process that started this one says so.
      gated: { type: 'boolean', default: false },
    },
  });
  const names = [...new Set(values.roles.split(','))];
  const roles = names.flatMap((name) => ROLE_NAMES.filter((role) => role === name));
  if (roles.length === names.length) return { roles, gated: values.gated };
  throw new EnvironmentError(`--roles takes a list of ${ROLE_NAMES.join(', ')}; it got ${values.roles}.`);
}

/** Whoever watches over this process starts it again; all its state is in the database. */
function end(logger: Logger, error: unknown): void {
  logger.fatal({ err: error }, 'ended');
  process.exit(1);
}
