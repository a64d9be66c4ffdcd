import { NotFoundError } from '../../core/errors.ts';
import type { Permission } from '../../core/permissions.ts';
import type { Queryable } from '../../prisma/database.ts';
import type { PayoutBatchRow } from '../../transitions/payoutBatchStatus.ts';
import { authorize } from '../authorize.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';

/**
 * A batch that the viewer may act on.
 * @throws NotFoundError for a stranger's batch as for one that does not exist; ForbiddenError, UnauthenticatedError
 */
export async function findBatch(
  context: RequestContext,
  database: Queryable,
  batchId: string,
  permission: Permission,
): Promise<{ batch: PayoutBatchRow; viewer: Viewer }> {
  const batch = await database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', batchId)
    .executeTakeFirst();
  const what = 'The payout batch';
  if (batch === undefined) throw new NotFoundError(what);
  const viewer = await authorize(context, database, batch.organizationId, permission, what);
  return { batch, viewer };
}
