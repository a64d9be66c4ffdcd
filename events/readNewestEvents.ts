import { sql } from 'kysely';
import type { Queryable } from '../prisma/database.ts';
import type { LoggedEvent } from './eventPayloads.ts';
import { toLoggedEvent } from './readEvents.ts';

/**
 * What several logs have beyond their known heads, in one query.
 * @param maxEventsPerLog of a log that has more, only the newest are returned
 * @returns for each log that moved, its entries in ascending order and without holes, ending at its head
 */
export async function readNewestEvents(
  database: Queryable,
  known: readonly { organizationId: string; head: bigint }[],
  maxEventsPerLog: number,
): Promise<Map<string, LoggedEvent[]>> {
  if (known.length === 0) return new Map();
  const organizationIds = known.map((log) => log.organizationId);
  const heads = known.map((log) => log.head.toString());
  const { rows } = await sql<Parameters<typeof toLoggedEvent>[0]>`
    select newest.*
    from unnest(${organizationIds}::uuid[], ${heads}::bigint[]) as known (organization_id, head)
    cross join lateral (
      select * from event
      where event.organization_id = known.organization_id and event.number > known.head
      order by event.number desc limit ${maxEventsPerLog}
    ) as newest
    order by newest.organization_id, newest.number
  `.execute(database);
  return Map.groupBy(
    rows.map((row) => toLoggedEvent(row)),
    (event) => event.organizationId,
  );
}
