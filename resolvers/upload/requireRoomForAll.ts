import { sql } from 'kysely';
import { LimitExceededError } from '../../core/errors.ts';
import { MAX_UPLOAD_BYTES_OF_ALL } from '../../core/limits.ts';
import type { Queryable } from '../../prisma/database.ts';

/**
 * Refuses what everybody's uploads, as far as they have arrived, leave no room for. Those who write at once may come to a
 * piece each more: they do not wait for one another.
 * @param bytes that are about to arrive
 * @throws LimitExceededError
 */
export async function requireRoomForAll(database: Queryable, bytes: number): Promise<void> {
  const { received } = await database
    .selectFrom('upload')
    .select(sql<bigint>`coalesce(sum(received_bytes), 0)::bigint`.as('received'))
    .executeTakeFirstOrThrow();
  if (received + BigInt(bytes) <= MAX_UPLOAD_BYTES_OF_ALL) return;
  const message = 'There is no room for more uploads. Send the file with the import, or try again later.';
  throw new LimitExceededError('MAX_UPLOAD_BYTES_OF_ALL', message);
}
