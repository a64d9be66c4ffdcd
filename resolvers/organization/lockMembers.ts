import type { Permission, Role } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';
import type { MembershipRow } from './listMembers.ts';

/**
 * Refuses unless the viewer holds the permission, and keeps others from changing the organization's members, invitations
 * and settings until the transaction ends. Rights are looked at before the lock, so that strangers never hold it, and
 * after it, so that whoever lost them meanwhile is refused.
 * @param what the object as the caller knows it ("The organization")
 * @returns the viewer with their roles as of the lock
 * @throws UnauthenticatedError, NotFoundError, ForbiddenError
 */
export async function lockMembers(
  context: RequestContext,
  database: DatabaseTransaction,
  organizationId: string,
  permission: Permission,
  what: string,
): Promise<{ viewer: Viewer; viewerRoles: readonly Role[] }> {
  await authorize(context, database, organizationId, permission, what);
  await lockMembership(database, organizationId);
  const viewer = await authorize(context, database, organizationId, permission, what);
  const membership = await findMember(database, organizationId, viewer.userId);
  return { viewer, viewerRoles: membership?.roles ?? [] };
}

/** The lock alone. Rows that refer to the organization may still be written meanwhile. */
export async function lockMembership(database: DatabaseTransaction, organizationId: string): Promise<void> {
  await database
    .selectFrom('organization')
    .select('id')
    .where('id', '=', organizationId)
    .forNoKeyUpdate()
    .execute();
}

/** Somebody's place in an organization; null for those who have none. */
export async function findMember(
  database: DatabaseTransaction,
  organizationId: string,
  userId: string,
): Promise<MembershipRow | null> {
  const row = await database
    .selectFrom('membership')
    .select(['organizationId', 'userId', 'roles', 'createdAt as joinedAt'])
    .where('organizationId', '=', organizationId)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return row === undefined ? null : { ...row, roles: row.roles as Role[] };
}
