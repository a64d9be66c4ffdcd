import { sql } from 'kysely';
import { LimitExceededError } from '../../core/errors.ts';
import {
  MAX_UPLOAD_BYTES_OF_ALL,
  MAX_UPLOAD_BYTES_PER_USER,
  MAX_UPLOADS_PER_USER,
} from '../../core/limits.ts';
import type { RequestContext } from '../requestContext.ts';
import { oldestKept, requireUserId } from './findUpload.ts';

export type NewUpload = {
  readonly id: string;
  /** 1 to MAX_IMPORT_FILE_BYTES. */
  readonly sizeBytes: number;
  readonly metadata: string | null;
};

/**
 * Begins an upload of the viewer's. Its whole size counts from the beginning.
 * @throws LimitExceededError, UnauthenticatedError
 */
export async function uploadCreate(context: RequestContext, upload: NewUpload): Promise<void> {
  const userId = requireUserId(context);
  await context.log.database.transaction().execute(async (database) => {
    // Uploads that are begun at once wait for one another, so that all of them are counted.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`upload:${userId}`}, 0))`.execute(database);
    const { count, bytes, bytesOfAll } = await database
      .selectFrom('upload')
      .select([
        sql<number>`(count(*) filter (where user_id = ${userId}))::int`.as('count'),
        sql<number>`coalesce(sum(size_bytes) filter (where user_id = ${userId}), 0)::int`.as('bytes'),
        sql<bigint>`coalesce(sum(size_bytes), 0)::bigint`.as('bytesOfAll'),
      ])
      .where('createdAt', '>', oldestKept())
      .executeTakeFirstOrThrow();
    if (count >= MAX_UPLOADS_PER_USER) {
      const message = `You have ${MAX_UPLOADS_PER_USER} uploads. Delete one, or wait until one is forgotten.`;
      throw new LimitExceededError('MAX_UPLOADS_PER_USER', message);
    }
    if (bytes + upload.sizeBytes > MAX_UPLOAD_BYTES_PER_USER) {
      const message = `Your uploads come to more than ${MAX_UPLOAD_BYTES_PER_USER} bytes. Delete one, or wait until one is forgotten.`;
      throw new LimitExceededError('MAX_UPLOAD_BYTES_PER_USER', message);
    }
    if (bytesOfAll + BigInt(upload.sizeBytes) > MAX_UPLOAD_BYTES_OF_ALL) {
      const message = 'There is no room for more uploads. Send the file with the import, or try again later.';
      throw new LimitExceededError('MAX_UPLOAD_BYTES_OF_ALL', message);
    }
    await database
      .insertInto('upload')
      .values({ ...upload, userId })
      .execute();
  });
}
