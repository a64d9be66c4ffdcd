import { sql } from 'kysely';
import type { PayoutBatchStatus } from '../../prisma/generated/database.ts';
import { idOrder } from '../idOrder.ts';
import { type Page, type PageArguments, readPages } from '../keyset.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { PayoutBatchRow } from './loadPayoutBatches.ts';

const ORDER = idOrder<PayoutBatchRow>('payoutBatch', 'desc');

/** @property statuses null for all */
export type PayoutBatchFilter = { statuses: readonly PayoutBatchStatus[] | null };

/** Batches of organizations, newest first. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listOrganizationBatches(
  context: RequestContext,
  organizationIds: readonly string[],
  page: PageArguments,
  filter: PayoutBatchFilter,
): Promise<Page<PayoutBatchRow>[]> {
  const batches = batchesOf(context, filter).where('organizationId', '=', sql.ref<string>('parent.id'));
  return readPages(context.log.database, organizationIds, page, batches, ORDER);
}

/** Batches of accounts, newest first. @throws UnauthenticatedError, LimitExceededError, PageCursorInvalidError */
export function listAccountBatches(
  context: RequestContext,
  accountIds: readonly string[],
  page: PageArguments,
  filter: PayoutBatchFilter,
): Promise<Page<PayoutBatchRow>[]> {
  const batches = batchesOf(context, filter).where('accountId', '=', sql.ref<string>('parent.id'));
  return readPages(context.log.database, accountIds, page, batches, ORDER);
}

function batchesOf(context: RequestContext, { statuses }: PayoutBatchFilter) {
  const batches = context.log.database
    .selectFrom('payoutBatch')
    .selectAll()
    .where(viewerIsMember(context, sql.ref('payoutBatch.organizationId')));
  return statuses === null
    ? batches
    : batches.where((eb) => eb('status', '=', eb.fn.any(eb.val([...statuses]))));
}
