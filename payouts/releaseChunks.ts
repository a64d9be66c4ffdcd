import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { Queryable } from '../prisma/database.ts';
import { ENDED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { withdrawChunks } from '../transitions/moveChunks.ts';
import { settleBatch } from '../transitions/settleBatch.ts';
import { type Finality, isOverForGood } from './finality.ts';

/** Whether a batch has chunks whose transaction ended without executing them: perhaps they are to be sent again. */
export async function hasEndedChunks(database: Queryable, batchId: string): Promise<boolean> {
  const [ended] = await findEnded(database, batchId, 1);
  return ended !== undefined;
}

/**
 * Lets the chunks of a locked batch be sent again whose transaction can no longer execute them, whatever a reorg does.
 */
export async function releaseChunks(work: UnitOfWork, batchId: string, finality: Finality): Promise<void> {
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
