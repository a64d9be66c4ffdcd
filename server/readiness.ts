import { sql } from 'kysely';
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

/** Each chain has been indexed up to a recent block, by whichever process. */
export function addChainChecks(health: Health, database: Database, chains: readonly RegisteredChain[]): void {
  for (const { id, caip2 } of chains) {
    health.add(caip2, async () => {
      const chain = await database
        .selectFrom('chain')
        .select('headTimestamp')
        .where('id', '=', id)
        .executeTakeFirst();
      return headFault(chain?.headTimestamp ?? null, new Date());
    });
  }
}

/** @param timestamp of the newest indexed block; null where there is none */
export function headFault(timestamp: Date | null, now: Date): string | null {
  if (timestamp === null) return 'no block has been indexed yet';
  if (now.getTime() - timestamp.getTime() <= MAX_HEAD_AGE_SECONDS * 1000) return null;
  // The time, not the age: the reason stays the same while the chain stands.
  return `no block since ${timestamp.toISOString()} has been indexed`;
}
