import { type RawBuilder, sql } from 'kysely';
import { unitOfWork } from '../events/unitOfWork.ts';
import { LIVE_APPROVAL_STATUSES } from '../transitions/approvalStatus.ts';
import {
  ENDED_TRANSACTION_STATUSES,
  LIVE_TRANSACTION_STATUSES,
} from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { IS_PAUSED } from './findPause.ts';
import { clearNodesBlockers, noteNodesBlockers } from './nodesBlocker.ts';
import type { PayoutEngine } from './payoutEngine.ts';

const MAX_BATCHES_PER_SWEEP = 20;
const MAX_ACCOUNTS_PER_SWEEP = 20;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Where the next sweep goes on, so that all that is due gets its turn. */
export type SweepPosition = {
  readonly afterOrganizationId: string;
  /** By organization: the batch that had its turn last. */
  readonly afterBatchIds: ReadonlyMap<string, string>;
  readonly afterAccountId: string;
};

export const SWEEP_START: SweepPosition = {
  afterOrganizationId: FIRST_ID,
  afterBatchIds: new Map(),
  afterAccountId: FIRST_ID,
};

/**
 * Enqueues jobs for what time alone makes due, and for whatever lost its job: approved batches that are not opened, open
 * ones with chunks to send, chunks whose transaction came to nothing, vaults to be closed, accounts to be deployed. Of
 * batches that are completed, those whose owners have signed a close. A bounded page each, in turn: organizations take
 * turns, and so do the batches of each, so that whoever has many that cannot move keeps nobody else's waiting. Nothing is
 * enqueued for chains whose nodes cannot be asked: their batches say so.
 * @param isUnderWay whether this process runs the job of a batch or an account right now: it is not enqueued again
 */
export async function sweep(
  engine: PayoutEngine,
  position: SweepPosition,
  isUnderWay: (id: string) => boolean = () => false,
): Promise<SweepPosition> {
  const asked = Map.groupBy(engine.chains, ([, chain]) => chain.canBeAsked());
  const idsOf = (canBeAsked: boolean) => asked.get(canBeAsked)?.map(([id]) => `${id}`) ?? [];
  const [chainIds, silent] = [idsOf(true), idsOf(false)];
  if (silent.length > 0) await noteNodesBlockers(engine, dueQuery(silent));
  await clearNodesBlockers(engine, chainIds);
  const batches = await dueBatches(engine, position, chainIds);
  const accounts = await dueAccounts(engine, position.afterAccountId, chainIds);
  const idleBatches = batches.filter(({ id }) => !isUnderWay(id));
  const idleAccounts = accounts.filter((id) => !isUnderWay(id));
  if (idleBatches.length + idleAccounts.length > 0) {
    await unitOfWork(engine.log, async (work) => {
      for (const { id: batchId } of idleBatches) await work.enqueue('batch.advance', { batchId }, batchId);
      for (const accountId of idleAccounts) await work.enqueue('account.deploy', { accountId }, accountId);
    });
  }
  const isLastPage = accounts.length < MAX_ACCOUNTS_PER_SWEEP;
  return {
    afterOrganizationId: batches.at(-1)?.organizationId ?? FIRST_ID,
    afterBatchIds: new Map([
      ...position.afterBatchIds,
      ...batches.map(({ organizationId, id }) => [organizationId, id] as const),
    ]),
    afterAccountId: isLastPage ? FIRST_ID : (accounts.at(-1) ?? FIRST_ID),
  };
}

type DueBatch = { readonly id: string; readonly organizationId: string };

/** The next batch of each organization, then the one after it of each, as far as the page goes. */
async function dueBatches(
  engine: PayoutEngine,
  position: SweepPosition,
  chainIds: readonly string[],
): Promise<DueBatch[]> {
  const { afterOrganizationId, afterBatchIds } = position;
  const { rows } = await sql<DueBatch>`
    with due as (${dueQuery(chainIds)}), ranked as (
      select due.id, due.organization_id, row_number() over (
        partition by due.organization_id order by due.id <= coalesce(seen.batch_id, ${FIRST_ID}), due.id) as turn
      from due left join unnest(${[...afterBatchIds.keys()]}::uuid[], ${[...afterBatchIds.values()]}::uuid[])
        as seen (organization_id, batch_id) on seen.organization_id = due.organization_id)
    select id, organization_id from ranked
    order by turn, organization_id <= ${afterOrganizationId}, organization_id
    limit ${MAX_BATCHES_PER_SWEEP}`.execute(engine.log.database);
  return rows;
}

/** All that is due; by the chain's clock, where time decides. What is paused, or waits for its turn and says so, is not. */
function dueQuery(chainIds: readonly string[]): RawBuilder<DueBatch> {
  const chains = sql`chain.eip155_chain_id = any(${chainIds}::bigint[])`;
  return sql`
    select batch.id, batch.organization_id from payout_batch batch join chain on chain.id = batch.chain_id
    where batch.status in (${sql.join([...LIVE_BATCH_STATUSES])}) and ${chains}
      and (case when batch.status = 'APPROVED' then not ${IS_PAUSED} and not (${SAYS_THAT_IT_WAITS}) and not exists (
        select from approval join chain_transaction transaction on transaction.approval_id = approval.id
        where approval.batch_id = batch.id and approval.status = 'APPROVED' and transaction.kind = 'OPEN'
          and transaction.status in (${sql.join([...LIVE_TRANSACTION_STATUSES])}))
      when batch.status = 'EXECUTING' then batch.opened_at_block is not null and batch.closed_at_block is null and (
        ((batch.pending_count > 0 or batch.close_after <= chain.head_timestamp) and not ${IS_PAUSED})
        or exists (select from approval where approval.batch_id = batch.id
          and approval.kind = 'PAYOUT_CLOSE' and approval.status = 'APPROVED'))
      else false end
      or (batch.submitted_count > 0 and batch.closed_at_block is null and exists (
        select from payout_chunk chunk join chain_transaction transaction on transaction.id = chunk.transaction_id
        where chunk.batch_id = batch.id and chunk.status = 'SUBMITTED'
          and transaction.status in (${sql.join([...ENDED_TRANSACTION_STATUSES])}))))
    union
    select batch.id, batch.organization_id from approval join payout_batch batch on batch.id = approval.batch_id
    join chain on chain.id = batch.chain_id
    where approval.kind = 'PAYOUT_CLOSE' and approval.status = 'APPROVED'
      and batch.status = 'COMPLETED' and batch.closed_at_block is null and ${chains}`;
}

/**
 * An approved batch behind others of its account, each of which has its nonce, and that is what the batch says: whatever
 * moves the account's nonce asks for its next step. One behind a nonce that is nobody's is looked at again.
 */
const SAYS_THAT_IT_WAITS = sql<boolean>`batch.blocker_code is not distinct from 'WAITS_FOR_NONCE' and exists (
  select from approval own join account on account.id = own.account_id
  where own.batch_id = batch.id and own.status = 'APPROVED' and own.safe_nonce > account.safe_nonce
    and own.safe_nonce - account.safe_nonce = (
      select count(*) from approval before
      where before.account_id = account.id and before.status in (${sql.join([...LIVE_APPROVAL_STATUSES])})
        and before.safe_nonce >= account.safe_nonce and before.safe_nonce < own.safe_nonce))`;

async function dueAccounts(
  engine: PayoutEngine,
  after: string,
  chainIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select account.id from account join chain on chain.id = account.chain_id
    where account.id > ${after} and account.status = 'OPENING' and account.salt_nonce is not null
      and chain.eip155_chain_id = any(${chainIds}::bigint[])
      and not exists (select from chain_transaction transaction
        where transaction.account_id = account.id and transaction.kind = 'ACCOUNT'
          and transaction.status in (${sql.join([...LIVE_TRANSACTION_STATUSES])}))
    order by account.id limit ${MAX_ACCOUNTS_PER_SWEEP}`.execute(engine.log.database);
  return rows.map(({ id }) => id);
}
