import { sql } from 'kysely';
import { required } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from '../transitions/payoutChunkStatus.ts';
import { PAYOUT_EXCEPTION_TRANSITIONS } from '../transitions/payoutExceptionStatus.ts';
import type { TransactionMove } from '../transitions/transactionCounter.ts';
import { TRANSFER_TRANSITIONS } from '../transitions/transferStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { Due } from './findDue.ts';
import type { Horizon } from './moveHead.ts';
import type { PayoutChanges } from './payoutChanges.ts';

/**
 * Moves everything that has reached a depth to CONFIRMED, then to FINAL. A statement each, however much it is, where
 * anything is due; it reads indices that hold only what is not final yet.
 * @returns how many transactions of each kind moved
 */
export async function matureFacts(
  work: UnitOfWork,
  chainId: string,
  { horizon, due }: { horizon: Horizon; due: Pick<Due, 'confirms' | 'finalizes'> },
  changes: PayoutChanges,
): Promise<TransactionMove[]> {
  const moves: TransactionMove[] = [];
  // What is FINAL is CONFIRMED as well: nothing skips a status, so nothing skips its event.
  for (const [to, number, isDue] of [
    ['CONFIRMED', horizon.confirmedNumber, due.confirms],
    ['FINAL', horizon.finalNumber, due.finalizes],
  ] as const) {
    if (!isDue) continue;
    const matured = await mature(work.database, chainId, to, number);
    moves.push(...matured.transactions);
    for (const { batchId, chunkIndex } of matured.chunks) changes.addChunk(batchId, chunkIndex);
    for (const { batchId, chunkIndex } of matured.exceptions) changes.addExceptions(batchId, chunkIndex);
    if (to === 'FINAL') continue;
    for (const { id, organizationId, accountId } of matured.transfers) {
      work.record({ organizationId, type: 'TRANSFER_CONFIRMED', subjectId: id, payload: { accountId } });
    }
  }
  return moves;
}

type KeyRow = { batchId: string; chunkIndex: number };
type Matured = {
  transactions: Required<TransactionMove>[];
  transfers: { id: string; organizationId: string; accountId: string }[];
  chunks: KeyRow[];
  exceptions: KeyRow[];
};

const KEYS = sql`coalesce(jsonb_agg(distinct jsonb_build_object('batchId', batch_id, 'chunkIndex', chunk_index)), '[]')`;

async function mature(
  database: DatabaseTransaction,
  chainId: string,
  to: 'CONFIRMED' | 'FINAL',
  number: bigint,
): Promise<Matured> {
  const { rows } = await sql<Matured>`
    with transactions as (
      update chain_transaction set status = ${to}
      where chain_id = ${chainId} and block_number <= ${number}
        and status in (${sql.join(sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, to))})
      returning kind, status
    ), transfers as (
      update transfer set status = ${to}
      from asset
      where asset.id = transfer.asset_id and asset.chain_id = ${chainId} and transfer.block_number <= ${number}
        and transfer.status in (${sql.join(sourcesOf(TRANSFER_TRANSITIONS, to))})
      returning transfer.id, transfer.organization_id, transfer.account_id
    ), chunks as (
      update payout_chunk chunk set status = ${to}
      from payout_batch batch
      where batch.id = chunk.batch_id and batch.chain_id = ${chainId} and chunk.block_number <= ${number}
        and chunk.status in (${sql.join(sourcesOf(PAYOUT_CHUNK_TRANSITIONS, to))})
      returning chunk.batch_id, chunk.chunk_index
    ), exceptions as (
      update payout_exception exception set status = ${to}
      from payout_batch batch
      where batch.id = exception.batch_id and batch.chain_id = ${chainId}
        and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])}) and exception.block_number <= ${number}
        and exception.status in (${sql.join(sourcesOf(PAYOUT_EXCEPTION_TRANSITIONS, to))})
      returning exception.batch_id, exception.chunk_index
    )
    select
      (select coalesce(jsonb_agg(moved), '[]')
        from (select kind, status, count(*) from transactions group by kind, status) as moved) as transactions,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'organizationId', organization_id, 'accountId', account_id)), '[]')
        from transfers) as transfers,
      (select ${KEYS} from chunks) as chunks,
      (select ${KEYS} from exceptions) as exceptions`.execute(database);
  return required(rows[0], 'What has matured');
}
