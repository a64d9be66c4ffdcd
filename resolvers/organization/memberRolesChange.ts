import { refuse } from '../../core/errors.ts';
import type { Role } from '../../core/permissions.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { endInvitations } from './endInvitations.ts';
import type { MembershipRow } from './listMembers.ts';
import { findMember, lockMembers } from './lockMembers.ts';
import {
  requireAnotherOwner,
  requireOwnerForApprovers,
  requireOwnerForOwners,
  requireRoles,
} from './roleRules.ts';

export const MEMBER_ROLES_CHANGE_FAULTS = {
  NOT_FOUND: 'The organization was not found.',
  MEMBER_NOT_FOUND: 'The person is no member of the organization.',
  ROLES_EMPTY: 'No role is left. Remove the member instead.',
  OWNER_REQUIRED: 'Only an OWNER makes or unmakes an OWNER, or changes what else one is.',
  DUTIES_SEPARATED: 'Duties are separated: only an OWNER makes an APPROVER.',
  OWN_ROLES: 'Nobody but an OWNER gives themself a role.',
  LAST_OWNER: 'The organization would have no OWNER.',
} as const;

export type MemberRolesChangeInput = {
  organizationId: string;
  userId: string;
  /** All that the member is to have from now on. */
  roles: readonly Role[];
};

/**
 * Gives a member other roles; what they may do changes with their next request or message. Needs MEMBERS_MANAGE.
 * @throws UserFaultsError with a code of MEMBER_ROLES_CHANGE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function memberRolesChange(
  context: RequestContext,
  { organizationId, userId, roles: asked }: MemberRolesChangeInput,
): Promise<{ membership: MembershipRow; eventCursor: string | null }> {
  const path = ['input', 'roles'];
  const committed = await unitOfWork(context.log, async (work) => {
    const { database } = work;
    const { viewer, viewerRoles } = await lockMembers(
      context,
      database,
      organizationId,
      'MEMBERS_MANAGE',
      'The organization',
    );
    const roles = requireRoles(asked);
    const member = await findMember(database, organizationId, userId);
    if (member === null) {
      return refuse('MEMBER_NOT_FOUND', 'This is no member of the organization.', ['input', 'userId']);
    }
    const gained = roles.filter((role) => !member.roles.includes(role));
    if (gained.length === 0 && roles.length === member.roles.length) return member;
    requireOwnerForOwners(viewerRoles, member.roles, roles, path);
    await requireOwnerForApprovers(database, organizationId, viewerRoles, gained, path);
    if (viewer.userId === userId && gained.length > 0 && !viewerRoles.includes('OWNER')) {
      refuse('OWN_ROLES', `Somebody else has to make you ${gained.join(' and ')}.`, path);
    }
    if (member.roles.includes('OWNER') && !roles.includes('OWNER')) {
      await requireAnotherOwner(database, organizationId, userId, path);
    }
    await database
      .updateTable('membership')
      .set({ roles })
      .where('organizationId', '=', organizationId)
      .where('userId', '=', userId)
      .execute();
    await endInvitations({ work, organizationId, byUserId: viewer.userId }, { userId, roles });
    work.record({
      organizationId,
      type: 'MEMBER_ROLES_CHANGED',
      subjectId: userId,
      payload: { byUserId: viewer.userId, roles, previousRoles: member.roles },
    });
    return { ...member, roles };
  });
  return { membership: committed.value, eventCursor: committed.eventCursor(organizationId) };
}
