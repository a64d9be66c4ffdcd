import { type Selectable, sql } from 'kysely';
import type { PayoutBatchTable } from '../../prisma/generated/database.ts';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type PayoutBatchRow = Selectable<PayoutBatchTable>;

/** Payout batches by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadPayoutBatches(
  context: RequestContext,
  ids: readonly string[],
): Promise<(PayoutBatchRow | null)[]> {
  const rows = await context.log.database
    .selectFrom('payoutBatch')
    .selectAll()
    .where('id', '=', sql<string>`any(${[...new Set(ids)]}::uuid[])`)
    .where(viewerIsMember(context, sql.ref('payoutBatch.organizationId')))
    .execute();
  return alignById(ids, rows);
}
