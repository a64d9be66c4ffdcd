import { sql } from 'kysely';
import type { Queryable } from '../../prisma/database.ts';
import type { Viewer } from '../requestContext.ts';
import { hashSessionToken } from './sessionToken.ts';

/** Whose live session a token is; null for unknown, ended and revoked ones alike. */
export async function readSession(database: Queryable, token: string): Promise<Viewer | null> {
  const tokenHash = hashSessionToken(token);
  if (tokenHash === null) return null;
  const session = await database
    .selectFrom('session')
    .select(['id as sessionId', 'userId'])
    .where('tokenHash', '=', tokenHash)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return session ?? null;
}
