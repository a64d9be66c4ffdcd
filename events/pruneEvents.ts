import type { Database } from '../prisma/database.ts';

/** How long entries are kept at least, so that a reader who was away that long still misses nothing. */
export const EVENT_RETENTION_DAYS = 400;
const MAX_EVENTS_PRUNED_PER_STATEMENT = 10_000n;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Deletes an organization's entries that are older than the retention: always a whole beginning of the log, so that
 * what is left has no holes. Readers that were further back get CURSOR_EXPIRED.
 * @param database as the tables' owner: the application's role may not delete from the log
 * @param now the time to count back from
 * @returns how many entries were deleted
 */
export async function pruneEvents(database: Database, organizationId: string, now: Date): Promise<bigint> {
  const keptSince = new Date(now.getTime() - EVENT_RETENTION_DAYS * DAY_MS);
  const firstKept = await database
    .selectFrom('event')
    .select('number')
    .where('organizationId', '=', organizationId)
    .where('occurredAt', '>=', keptSince)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  const head = await database
    .selectFrom('eventLogHead')
    .select('head')
    .where('organizationId', '=', organizationId)
    .executeTakeFirst();
  const end = firstKept?.number ?? (head?.head ?? 0n) + 1n;
  let deleted = 0n;
  for (;;) {
    const oldest = await database
      .selectFrom('event')
      .select('number')
      .where('organizationId', '=', organizationId)
      .where('number', '<', end)
      .orderBy('number')
      .limit(1)
      .executeTakeFirst();
    if (oldest === undefined) return deleted;
    const result = await database
      .deleteFrom('event')
      .where('organizationId', '=', organizationId)
      .where('number', '<', end)
      .where('number', '<', oldest.number + MAX_EVENTS_PRUNED_PER_STATEMENT)
      .executeTakeFirst();
    deleted += result.numDeletedRows;
  }
}
