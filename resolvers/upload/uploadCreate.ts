import { sql } from 'kysely';
import { ForbiddenError, LimitExceededError } from '../../core/errors.ts';
import { MAX_UPLOAD_BYTES_PER_USER, MAX_UPLOADS_PER_USER } from '../../core/limits.ts';
import { rolesWith } from '../../core/permissions.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { isKept, requireUserId } from './findUpload.ts';
import { requireRoomForAll } from './requireRoomForAll.ts';

export type NewUpload = {
  readonly id: string;
  /** 1 to MAX_IMPORT_FILE_BYTES. */
  readonly sizeBytes: number;
  readonly metadata: string | null;
};

/**
 * Begins an upload of the viewer's. Of theirs its whole size counts from the beginning; of everybody's only what arrives.
 * Needs BATCH_CREATE in some organization.
 * @throws LimitExceededError, ForbiddenError, UnauthenticatedError
 */
export async function uploadCreate(context: RequestContext, upload: NewUpload): Promise<void> {
  const userId = requireUserId(context);
  await context.log.database.transaction().execute(async (database) => {
    await requireMayImport(database, userId);
    // Uploads that are begun at once wait for one another, so that all of them are counted.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`upload:${userId}`}, 0))`.execute(database);
    const { count, bytes } = await database
      .selectFrom('upload')
      .select([
        sql<number>`count(*)::int`.as('count'),
        sql<number>`coalesce(sum(size_bytes), 0)::int`.as('bytes'),
      ])
      .where('userId', '=', userId)
      .where(isKept())
      .executeTakeFirstOrThrow();
    if (count >= MAX_UPLOADS_PER_USER) {
      const message = `You have ${MAX_UPLOADS_PER_USER} uploads. Delete one, or wait until one is forgotten.`;
      throw new LimitExceededError('MAX_UPLOADS_PER_USER', message);
    }
    if (bytes + upload.sizeBytes > MAX_UPLOAD_BYTES_PER_USER) {
      const message = `Your uploads come to more than ${MAX_UPLOAD_BYTES_PER_USER} bytes. Delete one, or wait until one is forgotten.`;
      throw new LimitExceededError('MAX_UPLOAD_BYTES_PER_USER', message);
    }
    await requireRoomForAll(database, upload.sizeBytes);
    await database
      .insertInto('upload')
      .values({ ...upload, userId })
      .execute();
  });
}

/** Strangers, and those who import nowhere, have nothing to upload. @throws ForbiddenError */
async function requireMayImport(database: Queryable, userId: string): Promise<void> {
  const membership = await database
    .selectFrom('membership')
    .select('organizationId')
    .where('userId', '=', userId)
    .where(sql<boolean>`roles && ${rolesWith('BATCH_CREATE')}::text[]`)
    .limit(1)
    .executeTakeFirst();
  if (membership === undefined) throw new ForbiddenError('BATCH_CREATE');
}
