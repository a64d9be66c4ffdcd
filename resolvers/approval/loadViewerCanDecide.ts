import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerMayDecide } from './viewerMayDecide.ts';

/** Whether the viewer can decide each approval now, in the order of the ids. @throws UnauthenticatedError */
export async function loadViewerCanDecide(
  context: RequestContext,
  approvalIds: readonly string[],
): Promise<boolean[]> {
  const rows = await context.log.database
    .selectFrom('approval')
    .select('id')
    .where('id', '=', sql<string>`any(${[...new Set(approvalIds)]}::uuid[])`)
    .where(viewerMayDecide(context))
    .execute();
  const decidable = new Set(rows.map((row) => row.id));
  return approvalIds.map((id) => decidable.has(id));
}
