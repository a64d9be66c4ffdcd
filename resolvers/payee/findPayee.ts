import { NotFoundError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import type { RequestContext, Viewer } from '../requestContext.ts';
import type { PayeeRow } from './loadPayees.ts';
import type { Destination } from './payeeFields.ts';

/**
 * A payee that the viewer may change, locked until the transaction ends, with its destinations.
 * @throws NotFoundError for a stranger's payee as for one that does not exist; ForbiddenError, UnauthenticatedError
 */
export async function findPayee(
  context: RequestContext,
  database: DatabaseTransaction,
  payeeId: string,
): Promise<{ payee: PayeeRow; destinations: Destination[]; viewer: Viewer }> {
  const what = 'The payee';
  const found = await database
    .selectFrom('payee')
    .select('organizationId')
    .where('id', '=', payeeId)
    .executeTakeFirst();
  if (found === undefined) throw new NotFoundError(what);
  const viewer = await authorize(context, database, found.organizationId, 'PAYEES_MANAGE', what);
  const payee = await database
    .selectFrom('payee')
    .selectAll()
    .where('id', '=', payeeId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const destinations = await database
    .selectFrom('payeeDestination')
    .select(['chainId', 'assetId', 'address', 'shareMillionths'])
    .where('payeeId', '=', payeeId)
    .orderBy('position')
    .execute();
  return { payee, destinations, viewer };
}
