import { sql } from 'kysely';
import { required } from '../core/errors.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { LIVE_APPROVAL_STATUSES } from '../transitions/approvalStatus.ts';
import {
  CHAIN_TRANSACTION_TRANSITIONS,
  MATURING_TRANSACTION_STATUSES,
  UNSETTLED_TRANSACTION_STATUSES,
} from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { MATURING_CHUNK_STATUSES } from '../transitions/payoutChunkStatus.ts';
import { MATURING_EXCEPTION_STATUSES } from '../transitions/payoutExceptionStatus.ts';
import { MATURING_TRANSFER_STATUSES } from '../transitions/transferStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { BlockFacts } from './blockFacts.ts';
import type { EndedApproval } from './endApprovals.ts';
import type { Horizon } from './moveHead.ts';

/** What a block changes beside its own facts. Most blocks change nothing: what is not due is not even looked for. */
export type Due = {
  /**
   * Live approvals whose deadline a final block has passed, or whose open or close is done in one; and the closes that
   * still wait for signatures: whether this block completes their batches shows at its end. In ascending order.
   */
  readonly approvals: readonly EndedApproval[];
  /** Every batch that the block changes, in ascending order: to be locked before anything of theirs is written. */
  readonly batchIds: readonly string[];
  /** Those of them that are closed in a final block and have not ended. */
  readonly closedBatchIds: readonly string[];
  /** Whether something has reached the depth. */
  readonly confirms: boolean;
  readonly finalizes: boolean;
  /** Whether a transaction becomes final whose chunk waits. */
  readonly hasIneffective: boolean;
  /** Whether a batch is being cancelled that nothing can open any more. */
  readonly hasCancelling: boolean;
  /** Whether a retry holds rows. */
  readonly hasRetries: boolean;
};

type DueRow = Omit<Due, 'approvals' | 'batchIds' | 'closedBatchIds'> & {
  approvals: EndedApproval[];
  batches: { id: string; closed: boolean }[];
};

/** One statement. What others commit after it is due with the next block. */
export async function findDue(
  database: DatabaseTransaction,
  chainId: string,
  facts: BlockFacts,
  horizon: Horizon,
): Promise<Due> {
  const { finalNumber, finalTimestamp } = horizon;
  const { rows } = await sql<DueRow>`
    with ended as (${ended(chainId, horizon)}), maturing as (${maturing(chainId, horizon)}),
    touched as (${touched(chainId, facts, finalNumber)})
    select
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'accountId', account_id, 'batchId', batch_id, 'reason', reason)
        order by id), '[]') from ended) as approvals,
      (select coalesce(jsonb_agg(jsonb_build_object('id', batch_id, 'closed', closed)), '[]') from (
        select batch_id, bool_or(closed) as closed from touched where batch_id is not null group by batch_id
      ) as batch) as batches,
      exists (select from maturing where status = 'INCLUDED') as confirms,
      exists (select from maturing where block_number <= ${finalNumber}) as finalizes,
      exists (
        select from chain_transaction transaction
        join payout_chunk chunk on chunk.batch_id = transaction.batch_id and chunk.chunk_index = transaction.chunk_index
        where transaction.chain_id = ${chainId} and transaction.block_number <= ${finalNumber}
          and transaction.status in (${sql.join(sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'FINAL'))})
          and transaction.kind = 'CHUNK' and chunk.status = 'SUBMITTED'
      ) as has_ineffective,
      exists (
        select from payout_batch where chain_id = ${chainId} and status = 'CANCELLING' and opened_at_block is null
          and open_by < ${finalTimestamp}
      ) as has_cancelling,
      exists (
        select from payout_retry retry join payout_batch batch on batch.id = retry.batch_id
        where retry.live and batch.chain_id = ${chainId}
      ) as has_retries`.execute(database);
  const { approvals, batches, ...due } = required(rows[0], 'What is due');
  const batchIds = new Set([
    ...batches.map(({ id }) => id),
    ...[...facts.openings, ...facts.chunks, ...facts.retries, ...facts.closings].map((fact) => fact.batchId),
    ...approvals.map((approval) => approval.batchId),
  ]);
  const { number } = facts.header;
  return {
    ...due,
    approvals,
    batchIds: [...batchIds].sort(),
    closedBatchIds: batches.filter(({ closed }) => closed).map(({ id }) => id),
    // Where a block is deep enough at once, so is what it brings itself.
    confirms: due.confirms || horizon.confirmedNumber >= number,
    finalizes: due.finalizes || finalNumber >= number,
    hasIneffective: due.hasIneffective || finalNumber >= number,
  };
}

function ended(chainId: string, { finalNumber, finalTimestamp }: Horizon) {
  return sql`
    select approval.id, approval.account_id, approval.batch_id,
      case when coalesce(done_at, ${finalNumber} + 1) <= ${finalNumber} then 'SUPERSEDED'
        when approval.expires_at < ${finalTimestamp} then 'EXPIRED' else 'NEEDLESS' end as reason
    from approval
    join payout_batch batch on batch.id = approval.batch_id
    cross join lateral (select case when approval.kind = 'PAYOUT_OPEN' then batch.opened_at_block
      else batch.closed_at_block end as done_at) as done
    where approval.chain_id = ${chainId} and approval.status in (${sql.join([...LIVE_APPROVAL_STATUSES])})
      and (done_at <= ${finalNumber} or approval.expires_at < ${finalTimestamp}
        or (approval.kind = 'PAYOUT_CLOSE' and approval.status = 'PENDING'))`;
}

/** Everything that has reached a depth and does not say so yet; reads indices that hold only what is not final. */
function maturing(chainId: string, { confirmedNumber, finalNumber }: Horizon) {
  const isDue = (table: string, statuses: readonly string[]) => {
    const [status, blockNumber] = [sql.ref(`${table}.status`), sql.ref(`${table}.blockNumber`)];
    return sql`${status} in (${sql.join([...statuses])}) and ${blockNumber} <= ${confirmedNumber}::bigint
      and ${blockNumber} <= case ${status} when 'INCLUDED' then ${confirmedNumber}::bigint else ${finalNumber}::bigint end`;
  };
  return sql`
    select null::uuid as batch_id, status::text, block_number from chain_transaction
      where chain_id = ${chainId} and ${isDue('chainTransaction', MATURING_TRANSACTION_STATUSES)}
    union all
    select null, transfer.status::text, transfer.block_number
      from transfer join asset on asset.id = transfer.asset_id
      where asset.chain_id = ${chainId} and ${isDue('transfer', MATURING_TRANSFER_STATUSES)}
    union all
    select chunk.batch_id, chunk.status::text, chunk.block_number
      from payout_chunk chunk join payout_batch batch on batch.id = chunk.batch_id
      where batch.chain_id = ${chainId} and ${isDue('chunk', MATURING_CHUNK_STATUSES)}
    union all
    select exception.batch_id, exception.status::text, exception.block_number
      from payout_exception exception join payout_batch batch on batch.id = exception.batch_id
      where batch.chain_id = ${chainId} and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])})
        and ${isDue('exception', MATURING_EXCEPTION_STATUSES)}`;
}

/** Batches that the block changes by transactions of ours, by what matures, by what is closed for good. */
function touched(chainId: string, { transactions, usedNonces }: BlockFacts, finalNumber: bigint) {
  return sql`
    select batch_id, false as closed from chain_transaction
      where chain_id = ${chainId} and hash = any(${transactions.map(({ hash }) => hash)}::text[])
    union all
    select transaction.batch_id, false
      from unnest(${usedNonces.map(({ sender }) => sender)}::text[], ${usedNonces.map(({ nonce }) => nonce)}::bigint[])
        as used (sender, nonce)
      join chain_transaction transaction on transaction.chain_id = ${chainId}
        and transaction.sender = used.sender and transaction.nonce = used.nonce
        and transaction.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
    union all
    select batch_id, false from maturing
    union all
    select id, true from payout_batch
      where chain_id = ${chainId} and status in (${sql.join([...LIVE_BATCH_STATUSES])})
        and closed_at_block <= ${finalNumber}`;
}
