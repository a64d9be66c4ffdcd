import type { Database } from '../prisma/database.ts';
import { pruneEvents } from './pruneEvents.ts';

/**
 * Prunes the log of every organization, one after the other. What a call that was killed left is for the next.
 * @param database as the tables' owner
 * @param now the time to count the retention back from
 * @returns how many entries were deleted
 */
export async function pruneEventLogs(database: Database, now: Date): Promise<bigint> {
  const logs = await database.selectFrom('eventLogHead').select('organizationId').execute();
  let deleted = 0n;
  for (const { organizationId } of logs) deleted += await pruneEvents(database, organizationId, now);
  return deleted;
}
