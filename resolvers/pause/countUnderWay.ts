import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';

/** What was signed and is in no block: it is sent until one has it, and may pay. */
export type UnderWay = { readonly payoutCount: number; readonly transactionCount: number };

/** What is under way of what each pause holds, by the pause’s id. @param where a condition on rows of `payout_pause as pause` */
export async function countUnderWay(
  database: Queryable,
  where: RawBuilder<boolean>,
): Promise<Map<string, UnderWay>> {
  const { rows } = await sql<UnderWay & { id: string }>`
    select pause.id, coalesce(sum(batch.submitted_count), 0)::int as payout_count,
      coalesce(sum(signed.count), 0)::int as transaction_count
    from payout_pause as pause
    left join payout_batch as batch on batch.organization_id = pause.organization_id
      and (batch.chain_id = pause.chain_id or batch.account_id = pause.account_id or batch.id = pause.batch_id)
      and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])})
    left join lateral (
      select count(*) from chain_transaction as transaction
      where transaction.batch_id = batch.id and transaction.raw_transaction is not null
        and transaction.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
    ) as signed on true
    where ${where}
    group by pause.id`.execute(database);
  return new Map(
    rows.map(({ id, payoutCount, transactionCount }) => [id, { payoutCount, transactionCount }]),
  );
}
