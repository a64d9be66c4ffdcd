import { sql } from 'kysely';
import { alignById } from '../alignById.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';
import { type PayoutRow, payoutColumns, payoutStatus } from './readPayoutStatus.ts';

/** Payouts by id, in the order asked for; null for what does not exist or belongs to strangers. @throws UnauthenticatedError */
export async function loadPayouts(
  context: RequestContext,
  ids: readonly string[],
): Promise<(PayoutRow | null)[]> {
  const { rows } = await sql<PayoutRow>`
    select ${payoutStatus.columns}
    from (
      select ${payoutColumns}
      from payout join payout_batch as batch on batch.id = payout.batch_id
      where payout.id = any(${[...new Set(ids)]}::uuid[])
        and ${viewerIsMember(context, sql.ref('payout.organizationId'))}
    ) as item ${payoutStatus.joins}`.execute(context.log.database);
  return alignById(ids, rows);
}
