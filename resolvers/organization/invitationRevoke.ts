import { NotFoundError, refuse } from '../../core/errors.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { revokeInvitation } from '../../transitions/invitationStatus.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import { lockMembers } from './lockMembers.ts';
import { type InvitationRow, selectInvitations } from './selectInvitations.ts';

export const INVITATION_REVOKE_FAULTS = {
  NOT_FOUND: 'The invitation was not found.',
  INVITATION_NOT_PENDING: 'The invitation was accepted, or its time is over.',
} as const;

/**
 * Takes an invitation back: its secret opens nothing any more. Needs MEMBERS_MANAGE. Revoking again changes nothing.
 * @throws UserFaultsError with a code of INVITATION_REVOKE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function invitationRevoke(
  context: RequestContext,
  { invitationId }: { invitationId: string },
): Promise<{ invitationId: string; eventCursor: string | null }> {
  requireViewer(context);
  const what = 'The invitation';
  const committed = await unitOfWork(context.log, async (work) => {
    const { organizationId } = await find(work.database, invitationId);
    const { viewer } = await lockMembers(context, work.database, organizationId, 'MEMBERS_MANAGE', what);
    const invitation = await find(work.database, invitationId);
    if (invitation.status === 'REVOKED') return organizationId;
    if (invitation.status !== 'PENDING') {
      refuse('INVITATION_NOT_PENDING', `This invitation is ${invitation.status.toLowerCase()} already.`);
    }
    await revokeInvitation(work, invitation, viewer.userId);
    return organizationId;
  });
  return { invitationId, eventCursor: committed.eventCursor(committed.value) };
}

async function find(database: DatabaseTransaction, invitationId: string): Promise<InvitationRow> {
  const row = await selectInvitations(database).where('invitation.id', '=', invitationId).executeTakeFirst();
  if (row === undefined) throw new NotFoundError('The invitation');
  return row;
}
