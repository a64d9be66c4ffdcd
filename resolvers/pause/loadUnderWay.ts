import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import { countUnderWay, type UnderWay } from './countUnderWay.ts';

/**
 * What is under way now of what pauses hold, in the order of their ids; null for strangers' pauses and those that are over.
 * @throws UnauthenticatedError
 */
export async function loadUnderWay(
  context: RequestContext,
  pauseIds: readonly string[],
): Promise<(UnderWay | null)[]> {
  const counts = await countUnderWay(
    context.log.database,
    sql<boolean>`pause.id = any(${[...new Set(pauseIds)]}::uuid[])
      and ${viewerIsMember(context, sql.ref('pause.organizationId'))}`,
  );
  return pauseIds.map((id) => counts.get(id) ?? null);
}
