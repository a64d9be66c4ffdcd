import { sql } from 'kysely';
import { unitOfWork } from '../events/unitOfWork.ts';
import {
  ENDED_TRANSACTION_STATUSES,
  LIVE_TRANSACTION_STATUSES,
} from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import type { PayoutEngine } from './payoutEngine.ts';

const MAX_BATCHES_PER_SWEEP = 20;
const MAX_ACCOUNTS_PER_SWEEP = 20;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Where the next sweep goes on, so that all that is due gets its turn. */
export type SweepPosition = { afterBatchId: string; afterAccountId: string };

export const SWEEP_START: SweepPosition = { afterBatchId: FIRST_ID, afterAccountId: FIRST_ID };

/**
 * Enqueues jobs for what time alone makes due, and for whatever lost its job: approved batches that are not opened,
 * open ones with chunks to send, chunks whose transaction came to nothing, vaults to be closed, accounts to be deployed. Of batches that are completed, those whose
 * owners have signed a close. A bounded page each, in turn.
 */
export async function sweep(engine: PayoutEngine, position: SweepPosition): Promise<SweepPosition> {
  const batches = await dueBatches(engine, position.afterBatchId);
  const accounts = await dueAccounts(engine, position.afterAccountId);
  if (batches.length + accounts.length > 0) {
    await unitOfWork(engine.log, async (work) => {
      for (const batchId of batches) await work.enqueue('batch.advance', { batchId }, batchId);
      for (const accountId of accounts) await work.enqueue('account.deploy', { accountId }, accountId);
    });
  }
  return {
    afterBatchId: nextPosition(batches, MAX_BATCHES_PER_SWEEP),
    afterAccountId: nextPosition(accounts, MAX_ACCOUNTS_PER_SWEEP),
  };
}

function nextPosition(page: readonly string[], pageSize: number): string {
  return page.length < pageSize ? FIRST_ID : (page.at(-1) ?? FIRST_ID);
}

async function dueBatches(engine: PayoutEngine, after: string): Promise<string[]> {
  const chains = sql`chain.eip155_chain_id = any(${chainIds(engine)}::bigint[])`;
  const page = sql`order by batch.id limit ${MAX_BATCHES_PER_SWEEP}`;
  const { rows } = await sql<{ id: string }>`
    (select batch.id from payout_batch batch join chain on chain.id = batch.chain_id
    where batch.id > ${after} and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])}) and ${chains}
      and (case when batch.status = 'APPROVED' then not exists (
        select from approval join chain_transaction transaction on transaction.approval_id = approval.id
        where approval.batch_id = batch.id and approval.status = 'APPROVED' and transaction.kind = 'OPEN'
          and transaction.status in (${sql.join([...LIVE_TRANSACTION_STATUSES])}))
      when batch.status = 'EXECUTING' then batch.opened_at_block is not null and batch.closed_at_block is null and (
        batch.pending_count > 0
        or batch.close_after < now()
        or exists (select from approval where approval.batch_id = batch.id
          and approval.kind = 'PAYOUT_CLOSE' and approval.status = 'APPROVED'))
      else false end
      or (batch.submitted_count > 0 and batch.closed_at_block is null and exists (
        select from payout_chunk chunk join chain_transaction transaction on transaction.id = chunk.transaction_id
        where chunk.batch_id = batch.id and chunk.status = 'SUBMITTED'
          and transaction.status in (${sql.join([...ENDED_TRANSACTION_STATUSES])}))))
    ${page})
    union
    (select batch.id from approval join payout_batch batch on batch.id = approval.batch_id
    join chain on chain.id = batch.chain_id
    where approval.kind = 'PAYOUT_CLOSE' and approval.status = 'APPROVED'
      and batch.id > ${after} and batch.status = 'COMPLETED' and batch.closed_at_block is null and ${chains}
    ${page})
    order by id limit ${MAX_BATCHES_PER_SWEEP}`.execute(engine.log.database);
  return rows.map(({ id }) => id);
}

async function dueAccounts(engine: PayoutEngine, after: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select account.id from account join chain on chain.id = account.chain_id
    where account.id > ${after} and account.status = 'OPENING' and account.salt_nonce is not null
      and chain.eip155_chain_id = any(${chainIds(engine)}::bigint[])
      and not exists (select from chain_transaction transaction
        where transaction.account_id = account.id and transaction.kind = 'ACCOUNT'
          and transaction.status in (${sql.join([...LIVE_TRANSACTION_STATUSES])}))
    order by account.id limit ${MAX_ACCOUNTS_PER_SWEEP}`.execute(engine.log.database);
  return rows.map(({ id }) => id);
}

function chainIds(engine: PayoutEngine): string[] {
  return [...engine.chains.keys()].map(String);
}
