import { type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { Queryable } from '../prisma/database.ts';
import { ENDED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { withdrawChunks } from '../transitions/moveChunks.ts';
import { lockPayoutBatch, type PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { settleBatch } from '../transitions/settleBatch.ts';
import { type Finality, isOverForGood, readFinality } from './finality.ts';
import type { LoadedBatch } from './loadBatch.ts';
import type { PayoutEngine } from './payoutEngine.ts';

/**
 * Lets the chunks of a batch wait again whose transaction can no longer execute them, whatever a reorg does. Also of a
 * batch that is not open, or will never be: chunks that went out with an open that came to nothing are sent no more.
 */
export async function releaseChunks(engine: PayoutEngine, { batch, chain }: LoadedBatch): Promise<void> {
  if (!mayRelease(batch) || (await findEnded(engine.log.database, batch.id, 1)).length === 0) return;
  const finality = await readFinality(engine, chain);
  await unitOfWork(engine.log, async (work) => {
    const current = await lockPayoutBatch(work.database, batch.id);
    if (current !== null && mayRelease(current)) await releaseEnded(work, batch.id, finality);
  });
}

/** Not once the vault is closed: its rows end by that. */
function mayRelease(batch: PayoutBatchRow): boolean {
  return batch.submittedCount > 0 && batch.closedAtBlock === null;
}

async function releaseEnded(work: UnitOfWork, batchId: string, finality: Finality): Promise<void> {
  const ended = await findEnded(work.database, batchId);
  const over = ended.filter((chunk) => isOverForGood(chunk, finality));
  if (over.length === 0) return;
  const released = await withdrawChunks(
    work.database,
    batchId,
    over.map(({ chunkIndex }) => chunkIndex),
  );
  await settleBatch(work, {
    batchId,
    reorged: false,
    changes: released.map(({ firstRowIndex, rowCount }) => ({
      firstIndex: firstRowIndex,
      lastIndex: firstRowIndex + rowCount - 1,
      status: 'PENDING',
      transactionId: null,
    })),
  });
}

/** Far more than are in flight at once; what is left waits for the next job. */
const MAX_ENDED_CHUNKS = 1_000;

function findEnded(database: Queryable, batchId: string, limit = MAX_ENDED_CHUNKS) {
  return database
    .selectFrom('payoutChunk as chunk')
    .innerJoin('chainTransaction as transaction', 'transaction.id', 'chunk.transactionId')
    .select([
      ...(['chunk.chunkIndex', 'chunk.firstRowIndex', 'chunk.rowCount'] as const),
      ...([
        'transaction.status',
        'transaction.blockNumber',
        'transaction.sender',
        'transaction.nonce',
      ] as const),
    ])
    .where('chunk.batchId', '=', batchId)
    .where('chunk.status', '=', 'SUBMITTED')
    .where('transaction.status', 'in', ENDED_TRANSACTION_STATUSES)
    .orderBy('chunk.chunkIndex')
    .limit(limit)
    .execute();
}
