import { type Permission, permissionsOf, ROLES, type Role } from '../../core/permissions.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/** Who may do what: every role with what it allows. @throws UnauthenticatedError */
export function listRolePermissions(
  context: RequestContext,
): { role: Role; permissions: readonly Permission[] }[] {
  requireViewer(context);
  return ROLES.map((role) => ({ role, permissions: permissionsOf([role]) }));
}
