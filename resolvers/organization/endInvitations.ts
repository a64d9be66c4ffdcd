import { permissionsOf, type Role } from '../../core/permissions.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { revokeInvitation } from '../../transitions/invitationStatus.ts';
import { selectInvitations } from './selectInvitations.ts';

/**
 * Takes back what a member could not ask for any more: nobody comes in, or becomes an OWNER, by the word of one who left.
 * @param work in which the organization's members are locked
 * @param inviter.roles those that they have from now on; none for who is removed
 */
export async function endInvitations(
  work: UnitOfWork,
  organizationId: string,
  inviter: { userId: string; roles: readonly Role[] },
  byUserId: string,
): Promise<void> {
  if (inviter.roles.includes('OWNER')) return;
  const mayInvite = permissionsOf(inviter.roles).includes('MEMBERS_MANAGE');
  const pending = await selectInvitations(work.database)
    .where('invitation.organizationId', '=', organizationId)
    .where('invitation.invitedByUserId', '=', inviter.userId)
    .where('invitation.status', '=', 'PENDING')
    .where('invitation.expiresAt', '>', new Date())
    .orderBy('invitation.id')
    .execute();
  for (const invitation of pending) {
    if (mayInvite && !invitation.roles.includes('OWNER')) continue;
    await revokeInvitation(work, invitation, byUserId);
  }
}
