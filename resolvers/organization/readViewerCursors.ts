import { encodeEventCursor } from '../../events/eventCursor.ts';
import type { RequestContext } from '../requestContext.ts';

/**
 * The position after the last entry of each organization's log that the viewer is a member of, by organization. Read before
 * everything else of an operation, nothing lies between what the operation shows and what follows the cursor.
 */
export async function readViewerCursors(context: RequestContext): Promise<ReadonlyMap<string, string>> {
  if (context.viewer === null) return new Map();
  const rows = await context.log.database
    .selectFrom('eventLogHead')
    .innerJoin('membership', 'membership.organizationId', 'eventLogHead.organizationId')
    .select(['eventLogHead.organizationId', 'eventLogHead.head'])
    .where('membership.userId', '=', context.viewer.userId)
    .execute();
  return new Map(
    rows.map(({ organizationId, head }) => [organizationId, encodeEventCursor(organizationId, head)]),
  );
}
