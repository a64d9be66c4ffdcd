import { sql } from 'kysely';
import { InvariantError, LimitExceededError } from '../core/errors.ts';
import type { JobName, JobPayloads } from '../core/jobs.ts';
import { MAX_EVENTS_PER_UNIT_OF_WORK } from '../core/limits.ts';
import type { Database, DatabaseTransaction } from '../prisma/database.ts';
import { encodeEventCursor } from './eventCursor.ts';
import type { EventHints } from './eventHints.ts';
import { type NewEvent, SUBJECT_TYPE } from './eventPayloads.ts';

/** Where a change, its jobs and its events are written together. */
export type EventLog = {
  database: Database;
  hints: EventHints;
  /** Told, after the commit, what was recorded: for log lines. Must not throw. */
  committed?: (events: readonly NewEvent[], requestId: string | null) => void;
  /** The request that changes are made for, if any: jobs carry it to the process that runs them. */
  requestId?: string | null;
};

/** One transaction under way. Use `database` for everything in it. */
export type UnitOfWork = {
  database: DatabaseTransaction;
  /** Adds an entry to the log. It is written as the transaction's last act, so that numbers follow commit order. */
  record(event: NewEvent): void;
  /** Enqueues a job that starts after the commit. Jobs of one key that wait are one job. */
  enqueue<Name extends JobName>(name: Name, payload: JobPayloads[Name], jobKey: string): Promise<void>;
};

export type Committed<T> = {
  value: T;
  /** Position of the last entry this unit wrote for an organization; null when it wrote none. */
  eventCursor(organizationId: string): string | null;
};

const MAX_JOB_ATTEMPTS = 25;
/** Each takes six parameters, and a statement has 65,535 at most. */
const MAX_EVENTS_PER_INSERT = 1_000;

/**
 * Runs `body` in one transaction together with the events it records and the jobs it enqueues: all is committed or
 * nothing, and nothing is announced before the commit. An exception in `body` rolls back and is rethrown.
 */
export async function unitOfWork<T>(
  log: EventLog,
  body: (work: UnitOfWork) => Promise<T>,
): Promise<Committed<T>> {
  const events: NewEvent[] = [];
  let heads = new Map<string, bigint>();
  const value = await log.database.transaction().execute(async (database) => {
    const result = await body({
      database,
      record: (event) => events.push(event),
      enqueue: async (name, payload, jobKey) => {
        const traced = log.requestId == null ? payload : { ...payload, requestId: log.requestId };
        await sql`select graphile_worker.add_job(${name}, payload := ${JSON.stringify(traced)}::json,
          job_key := ${`${name}:${jobKey}`}, max_attempts := ${MAX_JOB_ATTEMPTS}::int)`.execute(database);
      },
    });
    heads = await append(database, events);
    return result;
  });
  // Not awaited: the change is committed, and its caller must not wait for (or fail with) whoever carries hints.
  if (heads.size > 0) void log.hints.publish([...heads.keys()]);
  if (events.length > 0) log.committed?.(events, log.requestId ?? null);
  return {
    value,
    eventCursor: (organizationId) => {
      const number = heads.get(organizationId);
      return number === undefined ? null : encodeEventCursor(organizationId, number);
    },
  };
}

/** Numbers and writes the entries. The head's row lock lasts until the commit: no lower number can commit later. */
async function append(
  database: DatabaseTransaction,
  events: readonly NewEvent[],
): Promise<Map<string, bigint>> {
  if (events.length > MAX_EVENTS_PER_UNIT_OF_WORK) {
    throw new LimitExceededError('MAX_EVENTS_PER_UNIT_OF_WORK', 'One change would write too many events.');
  }
  const byOrganization = Map.groupBy(events, (event) => event.organizationId);
  const heads = new Map<string, bigint>();
  // Sorted, so that two transactions that move the same logs cannot lock each other out.
  for (const organizationId of [...byOrganization.keys()].sort()) {
    const entries = byOrganization.get(organizationId) ?? [];
    const { head } = await database
      .updateTable('eventLogHead')
      .set((eb) => ({ head: eb('head', '+', BigInt(entries.length)) }))
      .where('organizationId', '=', organizationId)
      .returning('head')
      .executeTakeFirstOrThrow(
        () => new InvariantError('The organization has no event log', { organizationId }),
      );
    const first = head - BigInt(entries.length) + 1n;
    await insert(database, organizationId, first, entries);
    heads.set(organizationId, head);
  }
  return heads;
}

async function insert(
  database: DatabaseTransaction,
  organizationId: string,
  first: bigint,
  entries: readonly NewEvent[],
): Promise<void> {
  for (let start = 0; start < entries.length; start += MAX_EVENTS_PER_INSERT) {
    const rows = entries.slice(start, start + MAX_EVENTS_PER_INSERT).map((event, index) => ({
      organizationId,
      number: first + BigInt(start + index),
      type: event.type,
      subjectType: SUBJECT_TYPE[event.type],
      subjectId: event.subjectId,
      payload: JSON.stringify(event.payload),
      // Not now(): a transaction's start would put later entries before earlier ones.
      occurredAt: sql<Date>`clock_timestamp()`,
    }));
    await database.insertInto('event').values(rows).execute();
  }
}
