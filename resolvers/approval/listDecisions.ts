import { type Selectable, sql } from 'kysely';
import type { ApprovalDecisionTable } from '../../prisma/generated/database.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type DecisionRow = Selectable<ApprovalDecisionTable>;

/**
 * What was decided on approvals, in the order of deciding; at most one a key and at most 50 keys.
 * @returns lists in the order of `approvalIds`
 * @throws UnauthenticatedError
 */
export async function listDecisions(
  context: RequestContext,
  approvalIds: readonly string[],
): Promise<DecisionRow[][]> {
  const rows = await context.log.database
    .selectFrom('approvalDecision')
    .selectAll()
    .where('approvalId', '=', sql<string>`any(${[...new Set(approvalIds)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('approvalDecision.organizationId')))
    .orderBy('decidedAt')
    .orderBy('id')
    .execute();
  const byApproval = Map.groupBy(rows, (row) => row.approvalId);
  return approvalIds.map((approvalId) => byApproval.get(approvalId) ?? []);
}
