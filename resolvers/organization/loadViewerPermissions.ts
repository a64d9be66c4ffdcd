import { sql } from 'kysely';
import { type Permission, permissionsOf, type Role } from '../../core/permissions.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';

/** The viewer's permissions in organizations, in the order asked for; none where they are no member. @throws UnauthenticatedError */
export async function loadViewerPermissions(
  context: RequestContext,
  organizationIds: readonly string[],
): Promise<Permission[][]> {
  const { userId } = requireViewer(context);
  const rows = await context.log.database
    .selectFrom('membership')
    .select(['organizationId', 'roles'])
    .where('organizationId', '=', sql<string>`any(${[...new Set(organizationIds)]}::uuid[])`)
    .where('userId', '=', userId)
    .execute();
  const roles = new Map(rows.map((row) => [row.organizationId, row.roles as Role[]]));
  return organizationIds.map((id) => permissionsOf(roles.get(id) ?? []));
}
