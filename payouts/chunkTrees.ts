import { chunkLeaf } from '../chains/evm/codec/chunkLeaf.ts';
import { type ChunkTree, chunkTree } from '../chains/evm/codec/chunkTree.ts';
import type { Queryable } from '../prisma/database.ts';
import type { LoadedBatch } from './loadBatch.ts';

/** A tree of 100,000 payouts takes 32 kB, of as many chunks 6.4 MB. */
const MAX_CACHED_TREES = 16;

/** Trees by batch. A root is signed for, so that a tree which once had it never changes. */
const trees = new Map<string, ChunkTree>();

/**
 * The Merkle tree over a batch's stored chunks, or null when it does not have the batch's root: then no proof from it
 * would be accepted.
 */
export async function loadChunkTree(database: Queryable, loaded: LoadedBatch): Promise<ChunkTree | null> {
  const { batch, domain } = loaded;
  const cached = trees.get(batch.id);
  if (cached !== undefined && sameRoot(cached, batch.merkleRoot)) return cached;
  const chunks = await database
    .selectFrom('payoutChunk')
    .select(['chunkIndex', 'packedRows'])
    .where('batchId', '=', batch.id)
    .orderBy('chunkIndex')
    .execute();
  const tree = chunkTree(
    chunks.map(({ chunkIndex, packedRows }) => chunkLeaf(domain, chunkIndex, packedRows)),
  );
  if (!sameRoot(tree, batch.merkleRoot)) return null;
  trees.delete(batch.id);
  trees.set(batch.id, tree);
  const oldest = trees.keys().next().value;
  if (trees.size > MAX_CACHED_TREES && oldest !== undefined) trees.delete(oldest);
  return tree;
}

function sameRoot(tree: ChunkTree, root: string): boolean {
  return tree.root === root.toLowerCase();
}
