import { type ExpressionBuilder, sql } from 'kysely';
import type { EventType, Database as Tables } from '../prisma/generated/database.ts';
import type { LoggedEvent } from './eventPayloads.ts';

/** Which entries a reader wants; all conditions must hold, an absent one always does. */
export type EventFilter = {
  types?: readonly EventType[] | undefined;
  /** uuids of the objects of which the entry is about one. */
  subjectIds?: readonly string[] | undefined;
  /** uuid of the account whose transfer the entry is about. */
  accountId?: string | undefined;
};

/** The filter in memory. Says the same as `eventFilterSql`. */
export function matchesEventFilter(event: LoggedEvent, filter: EventFilter): boolean {
  if (filter.types !== undefined && !filter.types.includes(event.type)) return false;
  if (filter.subjectIds !== undefined && !filter.subjectIds.includes(event.subjectId)) return false;
  if (filter.accountId !== undefined) {
    return 'accountId' in event.payload && event.payload.accountId === filter.accountId;
  }
  return true;
}

/** The filter as a condition on the event table. */
export function eventFilterSql(eb: ExpressionBuilder<Tables, 'event'>, filter: EventFilter) {
  const conditions = [];
  if (filter.types !== undefined) conditions.push(eb('type', '=', eb.fn.any(eb.val([...filter.types]))));
  if (filter.subjectIds !== undefined) {
    conditions.push(eb('subjectId', '=', eb.fn.any(eb.val([...filter.subjectIds]))));
  }
  if (filter.accountId !== undefined) {
    conditions.push(eb(sql<string>`payload ->> 'accountId'`, '=', filter.accountId));
  }
  return eb.and(conditions);
}
