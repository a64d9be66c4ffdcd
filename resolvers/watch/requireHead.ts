import { required } from '../../core/errors.ts';
import { readEventHead } from '../../events/readEvents.ts';
import type { Queryable } from '../../prisma/database.ts';

/** The number of the last entry of an organization that is known to exist: each has a log from its beginning. */
export async function requireHead(database: Queryable, organizationId: string): Promise<bigint> {
  return required(await readEventHead(database, organizationId), 'The event log of an organization');
}
