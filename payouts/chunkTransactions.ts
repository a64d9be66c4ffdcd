import { required } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import { submitChunks } from '../transitions/moveChunks.ts';
import { settleBatch } from '../transitions/settleBatch.ts';
import { chunkDraft } from './chunkDraft.ts';
import type { StoredTree } from './chunkTrees.ts';
import type { LoadedBatch } from './loadBatch.ts';
import type { PendingChunk } from './pendingChunks.ts';
import type { SignedTransaction, TransactionDraft } from './relayer/lane.ts';

/** A chunk and the transaction that is to execute it, not signed yet. */
export type DraftedChunk = PendingChunk & { readonly draft: TransactionDraft };

/** The transactions of chunks. `altered`: some chunks are left out, whose stored rows are not the tree's. */
export function draftChunks(
  loaded: LoadedBatch,
  tree: StoredTree,
  pending: readonly PendingChunk[],
): { readonly chunks: readonly DraftedChunk[]; readonly altered: boolean } {
  const chunks = pending.flatMap((chunk) => {
    const draft = chunkDraft(loaded, tree, chunk);
    return draft === null ? [] : [{ ...chunk, draft }];
  });
  return { chunks, altered: chunks.length < pending.length };
}

/**
 * Makes chunks of a locked batch SUBMITTED by what was signed for them, in the same order, and tells subscribers.
 * @throws InvariantError when one is not PENDING
 */
export async function noteSigned(
  work: UnitOfWork,
  batchId: string,
  chunks: readonly PendingChunk[],
  signed: readonly SignedTransaction[],
): Promise<void> {
  if (chunks.length === 0) return;
  const transactionIds = chunks.map((_, index) => required(signed[index], 'The chunk’s transaction').id);
  await submitChunks(
    work.database,
    batchId,
    chunks.map(({ chunkIndex }, index) => ({
      chunkIndex,
      transactionId: required(transactionIds[index], 'The chunk’s transaction'),
    })),
  );
  await settleBatch(work, {
    batchId,
    reorged: false,
    changes: chunks.map(({ firstRowIndex, rowCount }, index) => ({
      firstIndex: firstRowIndex,
      lastIndex: firstRowIndex + rowCount - 1,
      status: 'SUBMITTED',
      transactionId: transactionIds[index] ?? null,
    })),
  });
}
