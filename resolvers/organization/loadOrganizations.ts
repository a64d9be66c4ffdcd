import { type Selectable, sql } from 'kysely';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import type { OrganizationTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

/** With the position after its log's last entry as of this read, which comes before the reads of what it holds. */
export type OrganizationRow = Selectable<OrganizationTable> & { eventCursor: string };

/** Organizations by id, in the order asked for; null for those the viewer is no member of. @throws UnauthenticatedError */
export async function loadOrganizations(
  context: RequestContext,
  ids: readonly string[],
): Promise<(OrganizationRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('organization')
    .innerJoin('eventLogHead', 'eventLogHead.organizationId', 'organization.id')
    .selectAll('organization')
    .select('eventLogHead.head as eventHead')
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('organization.id')))
    .execute();
  return alignById(
    ids,
    rows.map(({ eventHead, ...row }) => ({ ...row, eventCursor: encodeEventCursor(row.id, eventHead) })),
  );
}
