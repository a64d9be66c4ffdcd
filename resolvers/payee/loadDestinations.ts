import { sql } from 'kysely';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import type { Destination } from './payeeFields.ts';

/** The destinations of payees, each payee's in its order; none for payees of strangers. @throws UnauthenticatedError */
export async function loadDestinations(
  context: RequestContext,
  payeeIds: readonly string[],
): Promise<Destination[][]> {
  const rows = await context.log.database
    .selectFrom('payeeDestination')
    .select(['payeeId', 'chainId', 'assetId', 'address', 'shareMillionths'])
    .where('payeeId', '=', sql<string>`any(${[...new Set(payeeIds)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('payeeDestination.organizationId')))
    .orderBy('payeeId')
    .orderBy('position')
    .execute();
  const byPayee = Map.groupBy(rows, ({ payeeId }) => payeeId);
  return payeeIds.map((id) => byPayee.get(id) ?? []);
}
