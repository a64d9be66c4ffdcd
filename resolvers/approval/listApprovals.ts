import { sql } from 'kysely';
import type { ApprovalStatus } from '../../prisma/generated/database.ts';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { ApprovalRow } from './loadApprovals.ts';
import { viewerMayDecide } from './viewerMayDecide.ts';

const NEWEST_FIRST = idOrder<ApprovalRow>('approval', 'desc');
const OLDEST_FIRST = idOrder<ApprovalRow>('batchApproval', 'asc');

export type ApprovalFilter = {
  /** Null for all. */
  statuses: readonly ApprovalStatus[] | null;
  /** True: only those that the viewer can decide now; false: only the others; null: all. */
  awaitingViewer: boolean | null;
};

/** Approvals of organizations, newest first. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listOrganizationApprovals(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  { statuses, awaitingViewer }: ApprovalFilter,
): Promise<Page<ApprovalRow>[]> {
  let approvals = visibleApprovals(context).where('organizationId', '=', sql.ref<string>('parent.id'));
  if (statuses !== null)
    approvals = approvals.where((eb) => eb('status', '=', eb.fn.any(eb.val([...statuses]))));
  if (awaitingViewer !== null) {
    const awaits = viewerMayDecide(context);
    approvals = approvals.where(awaitingViewer ? awaits : sql<boolean>`not ${awaits}`);
  }
  return readPages(context.log.database, organizationIds, page, approvals, NEWEST_FIRST);
}

/** Approvals of batches, oldest first: the last one is the one that counts. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listBatchApprovals(
  context: RequestContext,
  batchIds: readonly string[],
  page: PageArguments,
  _filter: null,
): Promise<Page<ApprovalRow>[]> {
  const approvals = visibleApprovals(context).where('batchId', '=', sql.ref<string>('parent.id'));
  return readPages(context.log.database, batchIds, page, approvals, OLDEST_FIRST);
}

function visibleApprovals(context: RequestContext) {
  return context.log.database
    .selectFrom('approval')
    .selectAll()
    .where(viewerIsMember(context, sql.ref('approval.organizationId')));
}
