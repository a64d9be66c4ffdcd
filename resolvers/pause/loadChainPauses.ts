import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { PauseRow } from './loadPauses.ts';

/**
 * The chains that organizations have paused for themselves, in the organizations' order; earliest pause first.
 * @throws UnauthenticatedError
 */
export async function loadChainPauses(
  context: RequestContext,
  organizationIds: readonly string[],
): Promise<PauseRow[][]> {
  const rows = await context.log.database
    .selectFrom('payoutPause')
    .selectAll()
    .where('organizationId', '=', sql<string>`any(${[...new Set(organizationIds)]}::uuid[])`)
    .where('scope', '=', 'CHAIN')
    .where(viewerIsMember(context, sql.ref('payoutPause.organizationId')))
    .orderBy('id')
    .execute();
  const byOrganization = Map.groupBy(rows, ({ organizationId }) => organizationId);
  return organizationIds.map((id) => byOrganization.get(id) ?? []);
}
