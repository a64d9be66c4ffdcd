import { LimitExceededError } from '../core/errors.ts';
import { MAX_EVENTS_PER_READ } from '../core/limits.ts';
import type { Queryable } from '../prisma/database.ts';
import { type EventFilter, eventFilterSql } from './eventFilter.ts';
import type { LoggedEvent } from './eventPayloads.ts';

/**
 * How many numbers one filtered read looks at, so that a filter that matches little never walks a whole log in one
 * statement. An index finds the entries of one subject: there it does not apply.
 */
const MAX_EVENTS_SCANNED_PER_READ = 20_000n;

export type EventRange = {
  organizationId: string;
  /** Entries with a greater number; 0 is before the first. */
  after: bigint;
  /** Entries up to this number: a head that was read before, never a guess. */
  upTo: bigint;
  filter?: EventFilter;
  /** 1 to MAX_EVENTS_PER_READ. */
  limit?: number;
};

export type EventPage = {
  /** In ascending order. */
  events: LoggedEvent[];
  /** Everything that matches up to here is in `events`: where the next read goes on. */
  readTo: bigint;
};

/** Reads one page of an organization's log. A page may be empty before `upTo` is reached: go on from `readTo`. */
export async function readEvents(database: Queryable, range: EventRange): Promise<EventPage> {
  const limit = range.limit ?? MAX_EVENTS_PER_READ;
  if (limit < 1 || limit > MAX_EVENTS_PER_READ) {
    throw new LimitExceededError('MAX_EVENTS_PER_READ', 'This reads too many events at once.');
  }
  const filter = range.filter ?? {};
  const scanTo = filter.subjectIds === undefined ? range.after + MAX_EVENTS_SCANNED_PER_READ : range.upTo;
  const upTo = scanTo < range.upTo ? scanTo : range.upTo;
  if (upTo <= range.after) return { events: [], readTo: range.after };
  const rows = await database
    .selectFrom('event')
    .selectAll()
    .where('organizationId', '=', range.organizationId)
    .where('number', '>', range.after)
    .where('number', '<=', upTo)
    .where((eb) => eventFilterSql(eb, filter))
    .orderBy('number')
    .limit(limit)
    .execute();
  const events = rows.map((row) => toLoggedEvent(row));
  const last = events.at(-1);
  return { events, readTo: events.length === limit && last !== undefined ? last.number : upTo };
}

/** The number of the last entry, 0 for an empty log; null when there is no such log. */
export async function readEventHead(database: Queryable, organizationId: string): Promise<bigint | null> {
  const row = await database
    .selectFrom('eventLogHead')
    .select('head')
    .where('organizationId', '=', organizationId)
    .executeTakeFirst();
  return row?.head ?? null;
}

/**
 * The number of the oldest entry still kept; head + 1 when none is. Read it after the entries, never before: then a
 * page that starts at or above it cannot have lost entries to a prune in between.
 */
export async function readOldestEventNumber(database: Queryable, organizationId: string): Promise<bigint> {
  // The head is read first: an entry written between the two only makes the answer smaller and still right.
  const head = await readEventHead(database, organizationId);
  const row = await database
    .selectFrom('event')
    .select('number')
    .where('organizationId', '=', organizationId)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row?.number ?? (head ?? 0n) + 1n;
}

type EventRow = Omit<LoggedEvent, 'payload' | 'type' | 'subjectType'> & {
  type: string;
  subjectType: string;
  payload: object;
};

/** A row as an entry. Only `unitOfWork` writes the table, from typed entries: the shape needs no second check. */
export function toLoggedEvent(row: EventRow): LoggedEvent {
  return row as LoggedEvent;
}
