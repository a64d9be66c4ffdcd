import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hex } from 'viem';
import { chunkLeaf } from '../chains/evm/codec/chunkLeaf.ts';
import { type ChunkTree, chunkTree } from '../chains/evm/codec/chunkTree.ts';
import type { Queryable } from '../prisma/database.ts';
import type { LoadedBatch } from './loadBatch.ts';

/** A tree of 100,000 payouts in full chunks takes 32 kB, of as many chunks 6.4 MB. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;
/** Leaves and nodes together. */
const BYTES_PER_CHUNK = 2 * 32;
/** Full chunks of 6.4 kB: a few milliseconds of hashing. Then others have their turn. */
const CHUNKS_PER_TURN = 100;

/** Trees by batch, the latest used last. A root is signed for, so that a tree which once had it never changes. */
const trees = new Map<string, ChunkTree>();

/**
 * The Merkle tree over a batch's stored chunks, or null when it does not have the batch's root: then no proof from it
 * would be accepted.
 */
export async function loadChunkTree(database: Queryable, loaded: LoadedBatch): Promise<ChunkTree | null> {
  const { batch } = loaded;
  const cached = trees.get(batch.id);
  if (cached !== undefined && sameRoot(cached, batch.merkleRoot)) {
    keep(batch.id, cached);
    return cached;
  }
  const leaves = await readLeaves(database, loaded);
  if (leaves.length === 0) return null;
  const tree = chunkTree(leaves);
  if (!sameRoot(tree, batch.merkleRoot)) return null;
  keep(batch.id, tree);
  return tree;
}

/** In pages: the rows themselves are not kept. */
async function readLeaves(database: Queryable, { batch, domain }: LoadedBatch): Promise<Hex[]> {
  const leaves: Hex[] = [];
  for (;;) {
    const page = await database
      .selectFrom('payoutChunk')
      .select(['chunkIndex', 'packedRows'])
      .where('batchId', '=', batch.id)
      .where('chunkIndex', '>=', leaves.length)
      .orderBy('chunkIndex')
      .limit(CHUNKS_PER_TURN)
      .execute();
    for (const { chunkIndex, packedRows } of page) leaves.push(chunkLeaf(domain, chunkIndex, packedRows));
    if (page.length < CHUNKS_PER_TURN) return leaves;
    await nextTurn();
  }
}

function keep(batchId: string, tree: ChunkTree): void {
  trees.delete(batchId);
  trees.set(batchId, tree);
  let bytes = [...trees.values()].reduce((sum, { chunkCount }) => sum + chunkCount * BYTES_PER_CHUNK, 0);
  for (const [oldest, { chunkCount }] of trees) {
    if (bytes <= MAX_CACHED_BYTES) return;
    bytes -= chunkCount * BYTES_PER_CHUNK;
    trees.delete(oldest);
  }
}

function sameRoot(tree: ChunkTree, root: string): boolean {
  return tree.root === root.toLowerCase();
}
