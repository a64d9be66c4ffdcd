import { type Selectable, sql } from 'kysely';
import type { ApprovalTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type ApprovalRow = Selectable<ApprovalTable>;

/** Approvals by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadApprovals(
  context: RequestContext,
  ids: readonly string[],
): Promise<(ApprovalRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('approval.organizationId')))
    .execute();
  return alignById(ids, rows);
}
