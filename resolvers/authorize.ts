import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../core/errors.ts';
import { type Permission, permissionsOf, type Role } from '../core/permissions.ts';
import type { Queryable } from '../prisma/database.ts';
import type { RequestContext, Viewer } from './requestContext.ts';

/** The signed-in viewer. @throws UnauthenticatedError */
export function requireViewer(context: RequestContext): Viewer {
  if (context.viewer === null) throw new UnauthenticatedError();
  return context.viewer;
}

/** A viewer's permissions in an organization; empty for one they are not a member of. */
export async function viewerPermissions(
  database: Queryable,
  viewer: Viewer,
  organizationId: string,
): Promise<Permission[]> {
  const membership = await database
    .selectFrom('membership')
    .select('roles')
    .where('organizationId', '=', organizationId)
    .where('userId', '=', viewer.userId)
    .executeTakeFirst();
  return membership === undefined ? [] : permissionsOf(membership.roles as Role[]);
}

/**
 * Refuses unless the viewer holds the permission. To a stranger the object does not exist.
 * @param what the object as the caller knows it ("The payout batch")
 * @throws UnauthenticatedError, NotFoundError, ForbiddenError
 */
export async function authorize(
  context: RequestContext,
  database: Queryable,
  organizationId: string,
  permission: Permission,
  what: string,
): Promise<Viewer> {
  const viewer = requireViewer(context);
  const permissions = await viewerPermissions(database, viewer, organizationId);
  if (permissions.length === 0) throw new NotFoundError(what);
  if (!permissions.includes(permission)) throw new ForbiddenError(permission);
  return viewer;
}
