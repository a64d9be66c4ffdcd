import { sql } from 'kysely';
import { LIVE_APPROVAL_STATUSES } from '../../transitions/approvalStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { ApprovalRow } from './loadApprovals.ts';

/**
 * For each live approval the live one of the same account whose nonce comes just before: a Safe executes in that order.
 * @returns in the order of `approvalIds`; null where nothing comes first
 * @throws UnauthenticatedError
 */
export async function loadEarlierApprovals(
  context: RequestContext,
  approvalIds: readonly string[],
): Promise<(ApprovalRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('approval as later')
    .innerJoin('approval as earlier', (join) =>
      join
        .onRef('earlier.accountId', '=', 'later.accountId')
        .onRef('earlier.safeNonce', '<', 'later.safeNonce')
        .on('earlier.status', 'in', LIVE_APPROVAL_STATUSES),
    )
    .distinctOn('later.id')
    .selectAll('earlier')
    .select('later.id as laterId')
    .where('later.id', '=', sql<string>`any(${[...new Set(approvalIds)]}::uuid[])`)
    .where('later.status', 'in', LIVE_APPROVAL_STATUSES)
    .where(viewerIsMember(context, sql.ref('earlier.organizationId')))
    .orderBy('later.id')
    .orderBy('earlier.safeNonce', 'desc')
    .execute();
  const byLater = new Map(rows.map((row) => [row.laterId, row]));
  return approvalIds.map((id) => byLater.get(id) ?? null);
}
