import { permissionsOf, type Role } from '../../core/permissions.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import { revokeInvitation } from '../../transitions/invitationStatus.ts';
import { separatesDuties } from './roleRules.ts';
import { selectInvitations } from './selectInvitations.ts';

type OrganizationWork = { work: UnitOfWork; organizationId: string; byUserId: string };

/**
 * Takes back what a member could not ask for any more: nobody comes in, or becomes an OWNER, by the word of one who left.
 * @param of.work in which the organization's members are locked
 * @param inviter.roles those that they have from now on; none for who is removed
 */
export async function endInvitations(
  of: OrganizationWork,
  inviter: { userId: string; roles: readonly Role[] },
): Promise<void> {
  if (inviter.roles.includes('OWNER')) return;
  const mayInvite = permissionsOf(inviter.roles).includes('MEMBERS_MANAGE');
  const separated = await separatesDuties(of.work.database, of.organizationId);
  const pending = await selectPending(of).where('invitation.invitedByUserId', '=', inviter.userId).execute();
  for (const invitation of pending) {
    const isOwners =
      invitation.roles.includes('OWNER') || (separated && invitation.roles.includes('APPROVER'));
    if (mayInvite && !isOwners) continue;
    await revokeInvitation(of.work, invitation, of.byUserId);
  }
}

/**
 * Takes back what others than OWNERs asked for before duties were separated: nobody becomes an APPROVER by their word now.
 * @param of.work in which the organization's members are locked
 */
export async function endApproverInvitations(of: OrganizationWork): Promise<void> {
  const members = await of.work.database
    .selectFrom('membership')
    .select(['userId', 'roles'])
    .where('organizationId', '=', of.organizationId)
    .execute();
  const owners = new Set(members.flatMap(({ userId, roles }) => (roles.includes('OWNER') ? [userId] : [])));
  for (const invitation of await selectPending(of).execute()) {
    if (!invitation.roles.includes('APPROVER') || owners.has(invitation.invitedByUserId)) continue;
    await revokeInvitation(of.work, invitation, of.byUserId);
  }
}

function selectPending({ work, organizationId }: OrganizationWork) {
  return selectInvitations(work.database)
    .where('invitation.organizationId', '=', organizationId)
    .where('invitation.status', '=', 'PENDING')
    .where('invitation.expiresAt', '>', new Date())
    .orderBy('invitation.id');
}
