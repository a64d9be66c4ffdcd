import { NotFoundError, required, UnauthenticatedError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { ApprovalRow } from '../../transitions/approvalStatus.ts';
import { lockPayoutBatch, type PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';
import { authorize } from '../authorize.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';

/** An approval with all that deciding it depends on, each locked until the transaction ends. */
export type LockedApproval = {
  approval: ApprovalRow;
  batch: PayoutBatchRow;
  account: { id: string; address: string; owners: string[]; threshold: number };
  viewer: Viewer;
};

/**
 * Locks an approval to decide it: account, then batch, then approval, the order of every transaction here.
 * @throws NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function lockApproval(
  context: RequestContext,
  database: DatabaseTransaction,
  approvalId: string,
): Promise<LockedApproval> {
  if (context.viewer === null) throw new UnauthenticatedError();
  const found = await database
    .selectFrom('approval')
    .select(['organizationId', 'accountId', 'batchId'])
    .where('id', '=', approvalId)
    .executeTakeFirst();
  const what = 'The approval';
  if (found === undefined) throw new NotFoundError(what);
  const viewer = await authorize(context, database, found.organizationId, 'APPROVAL_DECIDE', what);
  const account = await database
    .selectFrom('account')
    .select(['id', 'address', 'owners', 'threshold'])
    .where('id', '=', found.accountId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const batch = required(await lockPayoutBatch(database, found.batchId), 'The approval’s batch');
  const approval = await database
    .selectFrom('approval')
    .selectAll()
    .where('id', '=', approvalId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { approval, batch, account, viewer };
}
