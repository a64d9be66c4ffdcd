import { UnauthenticatedError } from '../../core/errors.ts';
import { UPLOAD_LIFETIME_HOURS } from '../../core/limits.ts';
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

/** What was begun before is forgotten. */
export function oldestKept(): Date {
  return new Date(Date.now() - UPLOAD_LIFETIME_HOURS * 3600 * 1000);
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
    .where('createdAt', '>', oldestKept())
    .executeTakeFirst();
  return upload ?? null;
}
