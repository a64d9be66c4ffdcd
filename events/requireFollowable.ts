import type { Queryable } from '../prisma/database.ts';
import { CursorExpiredError, CursorInvalidError, encodeEventCursor } from './eventCursor.ts';
import { readEventHead, readOldestEventNumber } from './readEvents.ts';

/**
 * Refuses a position that cannot be followed without a gap.
 * @param after a decoded cursor
 * @returns the log's head as of now
 * @throws CursorInvalidError ahead of the log, or no such log; CursorExpiredError when entries after it were pruned
 */
export async function requireFollowable(
  database: Queryable,
  organizationId: string,
  after: bigint,
): Promise<bigint> {
  const head = await readEventHead(database, organizationId);
  if (head === null || after > head) throw new CursorInvalidError();
  await requireKept(database, organizationId, after);
  return head;
}

/** The second half alone: entries after this number are still there. @throws CursorExpiredError */
export async function requireKept(database: Queryable, organizationId: string, after: bigint): Promise<void> {
  const oldest = await readOldestEventNumber(database, organizationId);
  if (after + 1n < oldest) throw new CursorExpiredError(encodeEventCursor(organizationId, oldest - 1n));
}
