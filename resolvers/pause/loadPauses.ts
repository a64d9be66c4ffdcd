import { type Selectable, sql } from 'kysely';
import type { PayoutPauseTable } from '../../prisma/generated/database.ts';
import { ENDED_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';
import type { RequestContext } from '../requestContext.ts';
import { viewerIsMember } from '../viewerIsMember.ts';

export type PauseRow = Selectable<PayoutPauseTable>;

/**
 * The pauses of accounts and batches themselves, in the order of the ids; null for what is not paused, has ended, or is a
 * stranger's. The pause of a batch that has ended is kept unseen: it holds the batch should its owners open it after all.
 * @throws UnauthenticatedError
 */
export async function loadPauses(
  context: RequestContext,
  subjectIds: readonly string[],
): Promise<(PauseRow | null)[]> {
  const ids = [...new Set(subjectIds)];
  const { rows } = await sql<PauseRow>`
    select * from payout_pause as pause
    where (account_id = any(${ids}::uuid[]) or batch_id = any(${ids}::uuid[]))
      and not exists (select from payout_batch as batch
        where batch.id = pause.batch_id and batch.status in (${sql.join([...ENDED_BATCH_STATUSES])}))
      and ${viewerIsMember(context, sql.ref('pause.organizationId'))}`.execute(context.log.database);
  const bySubject = new Map(rows.map((row) => [row.accountId ?? row.batchId, row]));
  return subjectIds.map((id) => bySubject.get(id) ?? null);
}
