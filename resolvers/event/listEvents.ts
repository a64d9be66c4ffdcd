import { type RawBuilder, sql } from 'kysely';
import { decodeEventCursor, encodeEventCursor } from '../../events/eventCursor.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';
import { toLoggedEvent } from '../../events/readEvents.ts';
import { requireKept } from '../../events/requireFollowable.ts';
import type { EventType } from '../../prisma/generated/database.ts';
import { type Page, type PageArguments, pageSize } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** @property types null for all */
export type EventListFilter = { types: readonly EventType[] | null };

/**
 * Entries of organizations' logs, in ascending order, one statement for all. Positions are event cursors: the same that
 * subscriptions take.
 * @throws UnauthenticatedError, LimitExceededError, CursorInvalidError, CursorExpiredError
 */
export async function listEvents(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  filter: EventListFilter,
): Promise<Page<LoggedEvent>[]> {
  const { database } = context.log;
  const { size, backward } = pageSize(page);
  const asked = [...new Set(organizationIds)];
  const [after, before] = await Promise.all(
    [page.after, page.before].map((cursor) => readPosition(context, asked, cursor)),
  );
  const { rows } = await sql<Parameters<typeof toLoggedEvent>[0]>`
    select entry.*
    from unnest(${asked}::uuid[]) as parent (id)
    cross join lateral (
      select * from ${candidates(filter, range(after, before), size + 1, backward)} as candidate
      order by number ${direction(backward)} limit ${size + 1}
    ) as entry
    where ${viewerIsMember(context, sql.ref('parent.id'))}
    order by entry.number ${direction(backward)}`.execute(database);
  const eventsOf = Map.groupBy(
    rows.map((row) => toLoggedEvent(row)),
    (event) => event.organizationId,
  );
  return organizationIds.map((organizationId) => {
    const found = eventsOf.get(organizationId) ?? [];
    const kept = found.slice(0, size);
    if (backward) kept.reverse();
    const more = found.length > size;
    return {
      items: kept.map((row) => ({ row, cursor: encodeEventCursor(organizationId, row.number) })),
      hasNextPage: backward ? page.before != null : more,
      hasPreviousPage: backward ? more : page.after != null,
    };
  });
}

function direction(backward: boolean): RawBuilder<unknown> {
  return backward ? sql`desc` : sql`asc`;
}

function range(after: bigint | null | undefined, before: bigint | null | undefined): RawBuilder<boolean> {
  const low = after == null ? sql`true` : sql`event.number > ${after.toString()}::bigint`;
  const high = before == null ? sql`true` : sql`event.number < ${before.toString()}::bigint`;
  return sql<boolean>`${low} and ${high}`;
}

/** With types, the newest or oldest of each type by its index: never a walk over entries of other types. */
function candidates(
  { types }: EventListFilter,
  within: RawBuilder<boolean>,
  limit: number,
  backward: boolean,
): RawBuilder<unknown> {
  if (types === null) {
    return sql`(select * from event where event.organization_id = parent.id and ${within})`;
  }
  return sql`(
    select of_type.* from unnest(${[...new Set(types)]}::"EventType"[]) as wanted (type)
    cross join lateral (
      select * from event
      where event.organization_id = parent.id and event.type = wanted.type and ${within}
      order by event.number ${direction(backward)} limit ${limit}
    ) as of_type)`;
}

/** A cursor is of one organization's log: beside the page of another it is not valid. */
async function readPosition(
  context: RequestContext,
  organizationIds: readonly string[],
  cursor: string | null | undefined,
): Promise<bigint | null> {
  if (cursor == null) return null;
  const [number] = organizationIds.map((organizationId) => decodeEventCursor(organizationId, cursor));
  const [organizationId] = organizationIds;
  if (number === undefined || organizationId === undefined) return null;
  await requireKept(context.log.database, organizationId, number);
  return number;
}
