import { sql } from 'kysely';
import type { UnitOfWork } from '../events/unitOfWork.ts';

/** Enqueues the next step of what is approved and first in the queue of accounts whose nonce or money moved. */
export async function advanceWaiting(work: UnitOfWork, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  const { rows } = await sql<{ batchId: string }>`
    select distinct approval.batch_id from approval
    join account on account.id = approval.account_id
    where account.id = any(${accountIds}::uuid[]) and approval.status = 'APPROVED'
      and approval.safe_nonce = account.safe_nonce`.execute(work.database);
  for (const { batchId } of rows) await work.enqueue('batch.advance', { batchId }, batchId);
}
