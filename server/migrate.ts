// The step before a deployment: brings the database to the newest schema, registers the configured chains, and deletes what
// the event logs need not keep any longer.

import { pruneEventLogs } from '../events/pruneEventLogs.ts';
import { createDatabase, createPool } from '../prisma/database.ts';
import { migrate } from '../prisma/migrate.ts';
import { EnvironmentError, readEnvironment } from './env.ts';
import { createLogger } from './logger.ts';
import { registerChains } from './registerChains.ts';

const environment = readEnvironment();
const logger = createLogger('migrate', environment.logLevel);
const { databaseUrl, databaseOwnerUrl, chains } = environment;
if (databaseUrl === null || databaseOwnerUrl === null) {
  throw new EnvironmentError(
    'Set DATABASE_OWNER_URL (the role that owns the tables) and DATABASE_URL (the role that the application connects as).',
  );
}
const applied = await migrate(
  databaseOwnerUrl.reveal(),
  decodeURIComponent(new URL(databaseUrl.reveal()).username),
);
logger.info({ applied }, 'the schema is up to date');
const database = createDatabase(createPool(databaseUrl.reveal()));
try {
  await registerChains(database, chains);
  logger.info({ chains: chains.map(({ caip2 }) => caip2) }, 'the chains are registered');
} finally {
  await database.destroy();
}
const owner = createDatabase(createPool(databaseOwnerUrl.reveal(), { maxConnections: 1 }));
try {
  logger.info({ deleted: `${await pruneEventLogs(owner, new Date())}` }, 'the event logs are pruned');
} finally {
  await owner.destroy();
}
