import { refuse } from '../../core/errors.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import type { RequestContext } from '../requestContext.ts';
import { endInvitations } from './endInvitations.ts';
import { findMember, lockMembers } from './lockMembers.ts';
import { requireAnotherOwner, requireOwnerForOwners } from './roleRules.ts';

export const MEMBER_REMOVE_FAULTS = {
  NOT_FOUND: 'The organization was not found.',
  MEMBER_NOT_FOUND: 'The person is no member of the organization.',
  OWNER_REQUIRED: 'Only an OWNER removes an OWNER.',
  LAST_OWNER: 'The organization would have no OWNER.',
} as const;

/**
 * Ends somebody's membership; what they have open ends with its next message. Needs MEMBERS_MANAGE, or, to leave oneself,
 * READ. Signatures that they gave stay valid: only the chain's owners decide whose count.
 * @throws UserFaultsError with a code of MEMBER_REMOVE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function memberRemove(
  context: RequestContext,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<{ organizationId: string; eventCursor: string | null }> {
  const path = ['input', 'userId'];
  const permission = context.viewer?.userId === userId ? 'READ' : 'MEMBERS_MANAGE';
  const committed = await unitOfWork(context.log, async (work) => {
    const { database } = work;
    const { viewer, viewerRoles } = await lockMembers(
      context,
      database,
      organizationId,
      permission,
      'The organization',
    );
    const member = await findMember(database, organizationId, userId);
    if (member === null) {
      return refuse('MEMBER_NOT_FOUND', 'This is no member of the organization.', path);
    }
    requireOwnerForOwners(viewerRoles, member.roles, [], path);
    if (member.roles.includes('OWNER')) await requireAnotherOwner(database, organizationId, userId, path);
    await database
      .deleteFrom('membership')
      .where('organizationId', '=', organizationId)
      .where('userId', '=', userId)
      .execute();
    await endInvitations({ work, organizationId, byUserId: viewer.userId }, { userId, roles: [] });
    work.record({
      organizationId,
      type: 'MEMBER_REMOVED',
      subjectId: userId,
      payload: { byUserId: viewer.userId, previousRoles: member.roles },
    });
  });
  return { organizationId, eventCursor: committed.eventCursor(organizationId) };
}
