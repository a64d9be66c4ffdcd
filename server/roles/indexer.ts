import { required } from '../../core/errors.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import { runIndexer } from '../../indexer/runIndexer.ts';
import type { Database } from '../../prisma/database.ts';
import { addNodeChecks } from '../readiness.ts';
import type { RoleDependencies, RunningRole } from './role.ts';

/**
 * Indexes every configured chain, or stands by where another process does. A chain whose final block was lost stands
 * still and says so; the others go on.
 */
export async function startIndexer(dependencies: RoleDependencies): Promise<RunningRole> {
  const { environment, log, logger, chains, nodePools, health } = dependencies;
  const metrics = createIndexerMetrics(dependencies.registry);
  const lockUrl = required(environment.databaseListenUrl, 'DATABASE_LISTEN_URL').reveal();
  const policies = await readPolicies(log.database);
  const indexers = chains.map((registered) => {
    const { id, caip2, config } = registered;
    const pool = nodePools.of(registered);
    const policy = required(policies.get(id), `The policy of ${caip2}`);
    const indexer = runIndexer({
      log,
      lockUrl,
      chain: { id, caip2, ...policy, factoryAddress: config.factory },
      pool,
      logger: logger.child({ chain: caip2 }),
      metrics,
    });
    health.add(`indexer ${caip2}`, async () => indexer.fault());
    addNodeChecks(health, caip2, pool);
    return indexer;
  });
  return {
    close: async () => {
      await Promise.all(indexers.map((indexer) => indexer.close()));
    },
  };
}

async function readPolicies(database: Database) {
  const rows = await database.selectFrom('chain').select(['id', 'confirmedDepth', 'finalDepth']).execute();
  return new Map(rows.map(({ id, confirmedDepth, finalDepth }) => [id, { confirmedDepth, finalDepth }]));
}
