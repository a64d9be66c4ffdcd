import { sql } from 'kysely';
import { LimitExceededError } from '../../core/errors.ts';
import { MAX_UPLOAD_BYTES_PER_USER, MAX_UPLOADS_PER_USER } from '../../core/limits.ts';
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
    const { count, bytes } = await database
      .selectFrom('upload')
      .select([
        sql<number>`count(*)::int`.as('count'),
        sql<number>`coalesce(sum(size_bytes), 0)::int`.as('bytes'),
      ])
      .where('userId', '=', userId)
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
    await database
      .insertInto('upload')
      .values({ ...upload, userId })
      .execute();
  });
}
