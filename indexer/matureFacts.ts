import { sql } from 'kysely';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import { CHAIN_TRANSACTION_TRANSITIONS } from '../transitions/chainTransactionStatus.ts';
import { LIVE_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { PAYOUT_CHUNK_TRANSITIONS } from '../transitions/payoutChunkStatus.ts';
import { PAYOUT_EXCEPTION_TRANSITIONS } from '../transitions/payoutExceptionStatus.ts';
import type { TransactionMove } from '../transitions/transactionCounter.ts';
import { TRANSFER_TRANSITIONS } from '../transitions/transferStatus.ts';
import { sourcesOf } from '../transitions/transitionTable.ts';
import type { Horizon } from './moveHead.ts';
import type { PayoutChanges } from './payoutChanges.ts';

/**
 * Moves everything that has reached a depth to CONFIRMED, then to FINAL. Eight statements, however much it is; each
 * reads an index that holds only what is not final yet.
 * @returns how many transactions of each kind moved
 */
export async function matureFacts(
  work: UnitOfWork,
  chainId: string,
  horizon: Horizon,
  changes: PayoutChanges,
): Promise<TransactionMove[]> {
  const moves: TransactionMove[] = [];
  // What is FINAL is CONFIRMED as well: nothing skips a status, so nothing skips its event.
  for (const [to, number] of [
    ['CONFIRMED', horizon.confirmedNumber],
    ['FINAL', horizon.finalNumber],
  ] as const) {
    moves.push(...(await matureTransactions(work.database, chainId, to, number)));
    await matureTransfers(work, chainId, to, number);
    await matureChunks(work.database, chainId, to, number, changes);
    await matureExceptions(work.database, chainId, to, number, changes);
  }
  return moves;
}

type Depth = 'CONFIRMED' | 'FINAL';
type KeyRow = { batchId: string; chunkIndex: number };

async function matureTransactions(
  database: DatabaseTransaction,
  chainId: string,
  to: Depth,
  number: bigint,
): Promise<TransactionMove[]> {
  return database
    .with('moved', (query) =>
      query
        .updateTable('chainTransaction')
        .set({ status: to })
        .where('chainId', '=', chainId)
        .where('status', 'in', sourcesOf(CHAIN_TRANSACTION_TRANSITIONS, to))
        .where('blockNumber', '<=', number)
        .returning(['kind', 'status']),
    )
    .selectFrom('moved')
    .select((eb) => ['kind', 'status', eb.cast<number>(eb.fn.countAll(), 'integer').as('count')])
    .groupBy(['kind', 'status'])
    .execute();
}

async function matureTransfers(work: UnitOfWork, chainId: string, to: Depth, number: bigint): Promise<void> {
  const { rows } = await sql<{ id: string; organizationId: string; accountId: string }>`
    update transfer set status = ${to}
    from asset
    where asset.id = transfer.asset_id and asset.chain_id = ${chainId} and transfer.block_number <= ${number}
      and transfer.status in (${sql.join(sourcesOf(TRANSFER_TRANSITIONS, to))})
    returning transfer.id, transfer.organization_id, transfer.account_id`.execute(work.database);
  if (to === 'FINAL') return;
  for (const { id, organizationId, accountId } of rows) {
    work.record({ organizationId, type: 'TRANSFER_CONFIRMED', subjectId: id, payload: { accountId } });
  }
}

async function matureChunks(
  database: DatabaseTransaction,
  chainId: string,
  to: Depth,
  number: bigint,
  changes: PayoutChanges,
): Promise<void> {
  const { rows } = await sql<KeyRow>`
    update payout_chunk chunk set status = ${to}
    from payout_batch batch
    where batch.id = chunk.batch_id and batch.chain_id = ${chainId} and chunk.block_number <= ${number}
      and chunk.status in (${sql.join(sourcesOf(PAYOUT_CHUNK_TRANSITIONS, to))})
    returning chunk.batch_id, chunk.chunk_index`.execute(database);
  for (const { batchId, chunkIndex } of rows) changes.addChunk(batchId, chunkIndex);
}

async function matureExceptions(
  database: DatabaseTransaction,
  chainId: string,
  to: Depth,
  number: bigint,
  changes: PayoutChanges,
): Promise<void> {
  const { rows } = await sql<KeyRow>`
    update payout_exception exception set status = ${to}
    from payout_batch batch
    where batch.id = exception.batch_id and batch.chain_id = ${chainId}
      and batch.status in (${sql.join([...LIVE_BATCH_STATUSES])}) and exception.block_number <= ${number}
      and exception.status in (${sql.join(sourcesOf(PAYOUT_EXCEPTION_TRANSITIONS, to))})
    returning exception.batch_id, exception.chunk_index`.execute(database);
  for (const { batchId, chunkIndex } of rows) changes.addExceptions(batchId, chunkIndex);
}
