import {
  encodeExecuteChunk,
  encodeRetryChunk,
  type ProvenChunk,
} from '../chains/evm/codec/encodeExecuteChunk.ts';
import { executeGasLimit, retryGasLimit } from '../chains/evm/codec/payoutGas.ts';
import type { StoredTree } from './chunkTrees.ts';
import type { LoadedBatch } from './loadBatch.ts';
import type { OwingChunk } from './owingChunks.ts';
import type { PendingChunk } from './pendingChunks.ts';
import type { TransactionDraft } from './relayer/lane.ts';
import { batchDraft } from './sendOnce.ts';

/** The transaction that executes a chunk; null when its stored rows are not the tree's: the chain would refuse them. */
export function chunkDraft(
  loaded: LoadedBatch,
  tree: StoredTree,
  chunk: PendingChunk,
): TransactionDraft | null {
  const proven = proveChunk(tree, chunk);
  if (proven === null) return null;
  return batchDraft(loaded, {
    kind: 'CHUNK',
    chunkIndex: chunk.chunkIndex,
    to: loaded.vault,
    data: encodeExecuteChunk(proven),
    gasLimit: executeGasLimit({
      rowCount: chunk.rowCount,
      gasPerPayout: loaded.batch.gasPerPayout,
      proofLength: proven.proof.length,
    }),
  });
}

/** The transaction that tries owed rows of an executed chunk again; null as for chunkDraft. */
export function retryDraft(
  loaded: LoadedBatch,
  tree: StoredTree,
  chunk: OwingChunk,
): TransactionDraft | null {
  const proven = proveChunk(tree, chunk);
  if (proven === null) return null;
  const rowMask = chunk.owedRows.reduce((mask, row) => mask | (1n << BigInt(row)), 0n);
  return batchDraft(loaded, {
    kind: 'RETRY',
    chunkIndex: chunk.chunkIndex,
    to: loaded.vault,
    data: encodeRetryChunk(proven, rowMask),
    gasLimit: retryGasLimit({
      rowCount: chunk.rowCount,
      gasPerPayout: loaded.batch.gasPerPayout,
      proofLength: proven.proof.length,
      retriedCount: chunk.owedRows.length,
    }),
  });
}

function proveChunk(tree: StoredTree, { chunkIndex, packedRows }: PendingChunk): ProvenChunk | null {
  if (!tree.isOf(chunkIndex, packedRows)) return null;
  return { chunkIndex, rows: `0x${packedRows.toString('hex')}`, proof: tree.proof(chunkIndex) };
}
