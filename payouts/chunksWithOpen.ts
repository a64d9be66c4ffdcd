import { type DraftedChunk, draftChunks, noteSigned } from './chunkTransactions.ts';
import { loadChunkTree } from './chunkTrees.ts';
import { mayOffer, mostCost } from './fees/quoteFees.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { findPendingChunks } from './pendingChunks.ts';
import type { Followers } from './sendOnce.ts';

/** A batch of no more chunks is sent whole with its open: it is paid in the block that opens it. */
export const MAX_CHUNKS_WITH_OPEN = 4;

/**
 * The chunks of a small batch, which go out right behind its open with the lane's following nonces: no block can have them
 * before it. Should the open come to nothing, so do they (a call of an address without code has no effect), and once that
 * is final they wait until the next open is seen; so only chunks that never had a transaction go this way. None where the
 * lane has no room for all, or cannot pay for them, or nodes let nobody offer the open's fees for so much gas.
 */
export function chunksWithOpen(loaded: LoadedBatch, openGasLimit: bigint): Followers {
  let drafted: readonly DraftedChunk[] = [];
  return {
    draft: async (database, lane) => {
      drafted = [];
      const { batch } = loaded;
      if (batch.chunkCount > MAX_CHUNKS_WITH_OPEN) return [];
      const tree = await loadChunkTree(database, loaded);
      if (tree === null) return [];
      const pending = await findPendingChunks(database, batch.id, [], MAX_CHUNKS_WITH_OPEN);
      const { chunks, altered } = draftChunks(loaded, tree, pending);
      const gasLimit = chunks.reduce((sum, { draft }) => sum + draft.gasLimit, openGasLimit);
      // What a lane has room for is counted in transactions like the open.
      const fits = lane.room > chunks.length && BigInt(lane.room) * openGasLimit >= gasLimit;
      const canPay = lane.spareUnits >= mostCost(lane.quote, gasLimit, 1 + chunks.length);
      const areTaken = chunks.every(({ draft }) => mayOffer(lane.quote, draft.gasLimit));
      if (altered || !fits || !canPay || !areTaken) return [];
      drafted = chunks;
      return chunks.map(({ draft }) => draft);
    },
    noteSigned: (work, signed) => noteSigned(work, loaded.batch.id, drafted, signed),
  };
}
