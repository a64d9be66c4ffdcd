import { sql } from 'kysely';
import type { NodePool } from '../chains/evm/client/nodes/nodePool.ts';
import type { Database } from '../prisma/database.ts';
import type { Health } from './health.ts';
import type { RegisteredChain } from './loadChains.ts';

/**
 * How old the newest indexed block may be, by its own time. Long enough for a slow block, for a node that restarts and for
 * an indexer that is replaced; what is older means that payments are final and nobody is told.
 */
export const MAX_HEAD_AGE_SECONDS = 300;

/** The database answers. */
export function addDatabaseCheck(health: Health, database: Database): void {
  health.add('database', async () => {
    await sql`select 1`.execute(database);
    return null;
  });
}

/**
 * Each chain has been indexed up to a recent block, by whichever process. A chain that stands still is told, and takes
 * nothing from the others: only when all of them stand still is there nothing that could be served.
 */
export function addChainChecks(health: Health, database: Database, chains: readonly RegisteredChain[]): void {
  for (const { id, caip2 } of chains) {
    const check = async () => {
      const chain = await database
        .selectFrom('chain')
        .select('headTimestamp')
        .where('id', '=', id)
        .executeTakeFirst();
      return headFault(chain?.headTimestamp ?? null, new Date());
    };
    health.add(caip2, check, { group: 'chains' });
  }
}

/**
 * The nodes of a chain that are out, by their places in the configuration: told, since others take their place. Too few of
 * them to conclude anything is a fault.
 */
export function addNodeChecks(health: Health, caip2: string, pool: NodePool): void {
  health.add(`nodes ${caip2}`, async () => nodesOut(pool), { group: null });
  health.add(`cross-check ${caip2}`, async () => {
    if (pool.canBeAsked()) return null;
    const states = pool.states();
    const asked = states.filter(({ state }) => state === 'HEALTHY' || state === 'LAGGING').length;
    return `${asked} of the ${Math.min(states.length, 2)} nodes that it takes can be asked`;
  });
}

function nodesOut(pool: NodePool): string | null {
  const out = pool.states().filter(({ state }) => state !== 'HEALTHY');
  return out.length === 0
    ? null
    : out.map(({ node, state, why }) => `node ${node} is ${state}: ${why}`).join('; ');
}

/** @param timestamp of the newest indexed block; null where there is none */
export function headFault(timestamp: Date | null, now: Date): string | null {
  if (timestamp === null) return 'no block has been indexed yet';
  if (now.getTime() - timestamp.getTime() <= MAX_HEAD_AGE_SECONDS * 1000) return null;
  // The time, not the age: the reason stays the same while the chain stands.
  return `no block since ${timestamp.toISOString()} has been indexed`;
}
