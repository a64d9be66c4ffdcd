import { sql } from 'kysely';
import { type EventLog, type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { ACCOUNT_TRANSITIONS } from '../transitions/accountStatus.ts';
import {
  CHAIN_TRANSACTION_TRANSITIONS,
  UNSETTLED_TRANSACTION_STATUSES,
} from '../transitions/chainTransactionStatus.ts';
import { MATURING_CHUNK_STATUSES } from '../transitions/payoutChunkStatus.ts';
import { PAYOUT_EXCEPTION_TRANSITIONS } from '../transitions/payoutExceptionStatus.ts';
import type { TransactionMove } from '../transitions/transactionCounter.ts';
import { TRANSFER_TRANSITIONS } from '../transitions/transferStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import { lockBatches, settle, type Written } from './applyBlock.ts';
import { HeadMovedError } from './indexerErrors.ts';
import { PayoutChanges } from './payoutChanges.ts';
import { takeBackApprovals } from './takeBackApprovals.ts';
import { UNDELIVERED_MESSAGE } from './writeVaults.ts';

/** The block that stays: everything above it is taken back. */
export type Fork = { readonly number: bigint; readonly hash: string };

type KeyRow = { batchId: string; chunkIndex: number };

/**
 * Takes back every block above a fork, in one transaction: the inverse of applyBlock. What was told is told to be undone.
 * Owners, nonces and balances are not known at the fork: balances are forgotten, the caller reads both again at the head.
 * @param headHash the head that the fork was found from
 * @throws HeadMovedError when it is another one by now
 */
export async function unapplyBlocks(
  log: EventLog,
  chainId: string,
  headHash: string,
  fork: Fork,
): Promise<Written> {
  const { value } = await unitOfWork(log, async (work) => {
    const { database } = work;
    await moveHeadBack(database, chainId, headHash, fork);
    const accounts = await lockReorgedAccounts(database, chainId, fork.number);
    await lockBatches(database, await findReorgedBatches(database, chainId, fork.number));
    const changes = new PayoutChanges();
    const moves = await takeBackTransactions(database, chainId, fork.number);
    await takeBackChunks(database, chainId, fork.number, changes);
    await takeBackRetries(database, chainId, fork.number, changes);
    await takeBackVaults(database, chainId, fork.number, changes);
    await takeBackTransfers(work, chainId, fork.number);
    await takeBackAccounts(work, accounts, fork.number);
    for (const batchId of await takeBackApprovals(work, chainId, fork.number)) changes.addBatch(batchId);
    return { transactions: [], moves, ranges: await settle(work, changes, true) };
  });
  return value;
}

async function moveHeadBack(
  database: DatabaseTransaction,
  chainId: string,
  headHash: string,
  fork: Fork,
): Promise<void> {
  const { rows } = await sql`
    update chain set head_number = block.number, head_hash = block.hash, head_timestamp = block.timestamp
    from block
    where chain.id = ${chainId} and chain.head_hash = ${headHash}
      and block.chain_id = chain.id and block.number = ${fork.number} and block.hash = ${fork.hash}
      and coalesce(chain.final_number, 0) <= block.number
    returning chain.id`.execute(database);
  if (rows.length === 0) throw new HeadMovedError({ chainId, headHash, fork: fork.hash });
  await database
    .deleteFrom('block')
    .where('chainId', '=', chainId)
    .where('number', '>', fork.number)
    .execute();
}

/** Accounts that a removed block opened or had refused, or in which it executed an approval; locked. */
async function lockReorgedAccounts(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from account
    where chain_id = ${chainId} and (opened_at_block > ${fork} or id in (
      select account_id from approval where chain_id = ${chainId} and executed_at_block > ${fork})
      or (status = 'REFUSED' and id in (
        select account_id from account_inspection where block_number > ${fork})))
    order by id for update`.execute(database);
  return rows.map((row) => row.id);
}

async function findReorgedBatches(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from payout_batch
    where chain_id = ${chainId} and (opened_at_block > ${fork} or closed_at_block > ${fork}
      or exists (select from payout_chunk where batch_id = payout_batch.id and block_number > ${fork}
        and payout_chunk.status in (${sql.join([...MATURING_CHUNK_STATUSES])}))
      or (status = 'EXECUTING' and exists (
        select from payout_exception where batch_id = payout_batch.id and block_number > ${fork})))
    union
    select batch_id from approval where chain_id = ${chainId} and executed_at_block > ${fork}
    order by id`.execute(database);
  return rows.map((row) => row.id);
}

async function takeBackTransactions(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
): Promise<TransactionMove[]> {
  return database
    .updateTable('chainTransaction')
    .set({ status: 'BROADCAST', blockNumber: null, blockHash: null, includedAt: null, feeUnits: null })
    .where('chainId', '=', chainId)
    .where('blockNumber', '>', fork)
    .where('status', 'in', sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, 'BROADCAST'))
    .returning(['kind', 'status'])
    .execute();
}

/** A chunk waits for our own transaction where one may still land, otherwise for a new one. Its exceptions are gone. */
async function takeBackChunks(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
  changes: PayoutChanges,
): Promise<void> {
  const { rows } = await sql<KeyRow>`
    update payout_chunk chunk set block_number = null, included_at = null, transaction_id = own.id,
      status = case when own.id is null then 'PENDING'::"PayoutStatus" else 'SUBMITTED' end
    from payout_chunk taken
    join payout_batch batch on batch.id = taken.batch_id and batch.chain_id = ${chainId}
    left join lateral (
      select id from chain_transaction one
      where one.batch_id = taken.batch_id and one.chunk_index = taken.chunk_index and one.kind = 'CHUNK'
        and one.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])}) and one.raw_transaction is not null
      order by one.id desc limit 1) as own on true
    where taken.block_number > ${fork} and taken.status in (${sql.join([...MATURING_CHUNK_STATUSES])})
      and chunk.batch_id = taken.batch_id and chunk.chunk_index = taken.chunk_index
    returning chunk.batch_id, chunk.chunk_index`.execute(database);
  for (const { batchId, chunkIndex } of rows) changes.addChunk(batchId, chunkIndex);
  await sql`
    delete from payout_exception exception
    using unnest(${rows.map((row) => row.batchId)}::uuid[], ${rows.map((row) => row.chunkIndex)}::int[])
      as taken (batch_id, chunk_index)
    where exception.batch_id = taken.batch_id and exception.chunk_index = taken.chunk_index`.execute(
    database,
  );
}

/** Rows that a removed block delivered by a retry are owed again. */
async function takeBackRetries(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
  changes: PayoutChanges,
): Promise<void> {
  const { rows } = await sql<KeyRow>`
    update payout_exception exception set status = 'UNDELIVERED', block_number = null, failure_code = 'TOKEN_REFUSED',
      failure_message = ${UNDELIVERED_MESSAGE}, transaction_id = chunk.transaction_id
    from payout_chunk chunk
    join payout_batch batch on batch.id = chunk.batch_id and batch.chain_id = ${chainId} and batch.status = 'EXECUTING'
    where chunk.batch_id = exception.batch_id and chunk.chunk_index = exception.chunk_index
      and exception.block_number > ${fork}
      and exception.status in (${sql.join(sourcesOf(PAYOUT_EXCEPTION_TRANSITIONS, 'UNDELIVERED'))})
    returning exception.batch_id, exception.chunk_index`.execute(database);
  for (const { batchId, chunkIndex } of rows) changes.addExceptions(batchId, chunkIndex);
}

async function takeBackVaults(
  database: DatabaseTransaction,
  chainId: string,
  fork: bigint,
  changes: PayoutChanges,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update payout_batch set
      opened_at_block = case when opened_at_block > ${fork} then null else opened_at_block end,
      closed_at_block = case when closed_at_block > ${fork} then null else closed_at_block end
    where chain_id = ${chainId} and (opened_at_block > ${fork} or closed_at_block > ${fork})
    returning id`.execute(database);
  for (const { id } of rows) changes.addBatch(id);
}

async function takeBackTransfers(work: UnitOfWork, chainId: string, fork: bigint): Promise<void> {
  const { rows } = await sql<{ id: string; organizationId: string; accountId: string }>`
    update transfer set status = 'REORGED'
    from asset
    where asset.id = transfer.asset_id and asset.chain_id = ${chainId} and transfer.block_number > ${fork}
      and transfer.status in (${sql.join(sourcesOf(TRANSFER_TRANSITIONS, 'REORGED'))})
    returning transfer.id, transfer.organization_id, transfer.account_id`.execute(work.database);
  for (const { id, organizationId, accountId } of rows) {
    work.record({ organizationId, type: 'TRANSFER_REORGED', subjectId: id, payload: { accountId } });
  }
  await sql`
    delete from account_balance balance using asset
    where asset.id = balance.asset_id and asset.chain_id = ${chainId} and balance.as_of_block > ${fork}
  `.execute(work.database);
}

/**
 * An account that a removed block opened is opening again, and may have to be sent again. So is one that was read at such
 * a block, to be read once more, unless its Safe was adopted anew since.
 */
async function takeBackAccounts(
  work: UnitOfWork,
  accountIds: readonly string[],
  fork: bigint,
): Promise<void> {
  if (accountIds.length === 0) return;
  const opening = await work.database
    .updateTable('account')
    .set({ status: 'OPENING', openedAtBlock: null })
    .where('id', 'in', [...accountIds])
    .where('status', 'in', sourcesOf(ACCOUNT_TRANSITIONS, 'OPENING'))
    .where(
      sql<boolean>`(opened_at_block > ${fork} or (status = 'REFUSED'
        and exists (select from account_inspection where account_id = account.id and block_number > ${fork})
        and not exists (select from account as other
          where other.organization_id = account.organization_id and other.chain_id = account.chain_id
            and other.address = account.address
            and (other.status <> 'REFUSED' or other.id > account.id))))`,
    )
    .returning(['id', 'saltNonce'])
    .execute();
  if (opening.length === 0) return;
  await work.database
    .deleteFrom('accountInspection')
    .where(
      'accountId',
      'in',
      opening.map(({ id }) => id),
    )
    .execute();
  for (const { id, saltNonce } of opening) {
    if (saltNonce !== null) await work.enqueue('account.deploy', { accountId: id }, id);
  }
}
