import { type Expression, type RawBuilder, sql } from 'kysely';
import { requireViewer } from './authorize.ts';
import type { RequestContext } from './requestContext.ts';

/**
 * The condition that every read carries: the viewer is a member of the row's organization. Rows of others are simply not
 * found, exactly like rows that do not exist.
 * @param organizationId the column, as in `sql.ref('account.organizationId')`
 * @throws UnauthenticatedError when nobody is signed in
 */
export function viewerIsMember(
  context: RequestContext,
  organizationId: Expression<unknown>,
): RawBuilder<boolean> {
  const { userId } = requireViewer(context);
  return sql<boolean>`exists (
    select from membership as visible
    where visible.organization_id = ${organizationId} and visible.user_id = ${userId})`;
}
