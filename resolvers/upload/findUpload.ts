import { type RawBuilder, sql } from 'kysely';
import { UnauthenticatedError } from '../../core/errors.ts';
import { EMPTY_UPLOAD_LIFETIME_MINUTES, UPLOAD_LIFETIME_HOURS } from '../../core/limits.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { RequestContext } from '../requestContext.ts';

/** An upload of the viewer's. Sizes are in bytes. */
export type Upload = {
  readonly id: string;
  readonly sizeBytes: number;
  /** From the beginning of the file. */
  readonly receivedBytes: number;
  readonly metadata: string | null;
  readonly createdAt: Date;
};

/** On `upload`: it is not forgotten. */
export function isKept(): RawBuilder<boolean> {
  const oldest = new Date(Date.now() - UPLOAD_LIFETIME_HOURS * 3600 * 1000);
  const oldestEmpty = new Date(Date.now() - EMPTY_UPLOAD_LIFETIME_MINUTES * 60 * 1000);
  return sql<boolean>`(upload.created_at > ${oldest}
    and (upload.received_bytes > 0 or upload.created_at > ${oldestEmpty}))`;
}

/** The viewer's user. @throws UnauthenticatedError */
export function requireUserId({ viewer }: RequestContext): string {
  if (viewer === null) throw new UnauthenticatedError();
  return viewer.userId;
}

/** The viewer's upload; null when there is none, it is another's, or it is forgotten. @throws UnauthenticatedError */
export async function findUpload(
  context: RequestContext,
  id: string,
  database: Queryable = context.log.database,
): Promise<Upload | null> {
  const upload = await database
    .selectFrom('upload')
    .select(['id', 'sizeBytes', 'receivedBytes', 'metadata', 'createdAt'])
    .where('id', '=', id)
    .where('userId', '=', requireUserId(context))
    .where(isKept())
    .executeTakeFirst();
  return upload ?? null;
}
