import { sql } from 'kysely';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerHolds } from '../viewerHolds.ts';
import { type InvitationRow, selectInvitations } from './selectInvitations.ts';

/** Invitations by id, in the order asked for; null for those of organizations whose members the viewer does not manage. @throws UnauthenticatedError */
export async function loadInvitations(
  context: RequestContext,
  ids: readonly string[],
): Promise<(InvitationRow | null)[]> {
  const rows = await selectInvitations(context.log.database)
    .where('invitation.id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerHolds(context, 'MEMBERS_MANAGE', sql.ref('invitation.organizationId')))
    .execute();
  return alignById(ids, rows);
}
