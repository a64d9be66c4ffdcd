import { type Expression, type RawBuilder, sql } from 'kysely';
import { type Permission, rolesWith } from '../core/permissions.ts';
import { requireViewer } from './authorize.ts';
import type { RequestContext } from './requestContext.ts';

/**
 * The condition that reads of what needs more than READ carry: the viewer holds the permission in the row's organization.
 * @param organizationId the column, as in `sql.ref('invitation.organizationId')`
 * @throws UnauthenticatedError when nobody is signed in
 */
export function viewerHolds(
  context: RequestContext,
  permission: Permission,
  organizationId: Expression<unknown>,
): RawBuilder<boolean> {
  const { userId } = requireViewer(context);
  return sql<boolean>`exists (
    select from membership as holder
    where holder.organization_id = ${organizationId} and holder.user_id = ${userId}
      and holder.roles && ${rolesWith(permission)}::text[])`;
}
