import { sql } from 'kysely';
import type { Role } from '../../core/permissions.ts';
import { requireViewer } from '../authorize.ts';
import { type KeysetOrder, type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type MembershipRow = { organizationId: string; userId: string; roles: Role[]; joinedAt: Date };

const ORDER: KeysetOrder<MembershipRow> = {
  name: 'member',
  direction: 'asc',
  columns: [{ column: 'userId', type: 'uuid' }],
  keyOf: (row) => [row.userId],
};

/** Members of organizations, in the order in which they became known here. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listMembers(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  _filter: null,
): Promise<Page<MembershipRow>[]> {
  const members = sql<MembershipRow>`(
    select member.organization_id, member.user_id, member.roles, member.created_at as joined_at
    from membership as member
    where member.organization_id = parent.id and ${viewerIsMember(context, sql.ref('member.organizationId'))})`;
  return readPages(context.log.database, organizationIds, page, members, ORDER);
}

/** More organizations than this are not listed for one person. */
export const MAX_MEMBERSHIPS_LISTED = 1_000;

/** The viewer's own memberships, oldest first. @throws UnauthenticatedError */
export async function listViewerMemberships(context: RequestContext): Promise<MembershipRow[]> {
  const { userId } = requireViewer(context);
  const rows = await context.log.database
    .selectFrom('membership')
    .select(['organizationId', 'userId', 'roles', 'createdAt as joinedAt'])
    .where('userId', '=', userId)
    .orderBy('createdAt')
    .orderBy('organizationId')
    .limit(MAX_MEMBERSHIPS_LISTED)
    .execute();
  return rows.map((row) => ({ ...row, roles: row.roles as Role[] }));
}
