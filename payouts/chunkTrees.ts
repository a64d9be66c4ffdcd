import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hex } from 'viem';
import { chunkLeaf } from '../chains/evm/codec/chunkLeaf.ts';
import { type ChunkTree, chunkTree } from '../chains/evm/codec/chunkTree.ts';
import type { Queryable } from '../prisma/database.ts';
import type { LoadedBatch } from './loadBatch.ts';

const HASH_BYTES = 32;
/** A tree of 100,000 payouts in full chunks takes 48 kB, of as many chunks 9.6 MB. */
const MAX_CACHED_BYTES = 16 * 1024 * 1024;
/** Leaves and nodes together, and what is kept of the rows. */
const BYTES_PER_CHUNK = 3 * HASH_BYTES;
/** Full chunks of 6.4 kB: a few milliseconds of hashing. Then others have their turn. */
const CHUNKS_PER_TURN = 100;

/** The tree over a batch's chunks as they are stored. */
export type StoredTree = ChunkTree & {
  /**
   * Whether these are the rows that the chunk's leaf was made of. By SHA-256, which native code computes sixty times as fast
   * as the leaf's keccak.
   */
  readonly isOf: (chunkIndex: number, packedRows: Uint8Array) => boolean;
};

/** Trees by batch, the latest used last. A root is signed for, so that a tree which once had it never changes. */
const trees = new Map<string, StoredTree>();

/**
 * The Merkle tree over a batch's stored chunks, or null when it does not have the batch's root: then no proof from it
 * would be accepted.
 */
export async function loadChunkTree(database: Queryable, loaded: LoadedBatch): Promise<StoredTree | null> {
  const { batch } = loaded;
  const cached = trees.get(batch.id);
  if (cached !== undefined && sameRoot(cached, batch.merkleRoot)) {
    keep(batch.id, cached);
    return cached;
  }
  const { leaves, digests } = await readLeaves(database, loaded);
  if (leaves.length === 0) return null;
  const isOf = (chunkIndex: number, packedRows: Uint8Array) => {
    const start = chunkIndex * HASH_BYTES;
    return digests.subarray(start, start + HASH_BYTES).equals(digestOf(packedRows));
  };
  const tree = { ...chunkTree(leaves), isOf };
  if (!sameRoot(tree, batch.merkleRoot)) return null;
  keep(batch.id, tree);
  return tree;
}

/** In pages: the rows themselves are not kept. */
async function readLeaves(
  database: Queryable,
  { batch, domain }: LoadedBatch,
): Promise<{ readonly leaves: Hex[]; readonly digests: Buffer }> {
  const leaves: Hex[] = [];
  const digests: Buffer[] = [];
  for (;;) {
    const page = await database
      .selectFrom('payoutChunk')
      .select(['chunkIndex', 'packedRows'])
      .where('batchId', '=', batch.id)
      .where('chunkIndex', '>=', leaves.length)
      .orderBy('chunkIndex')
      .limit(CHUNKS_PER_TURN)
      .execute();
    for (const { chunkIndex, packedRows } of page) {
      leaves.push(chunkLeaf(domain, chunkIndex, packedRows));
      digests.push(digestOf(packedRows));
    }
    if (page.length < CHUNKS_PER_TURN) return { leaves, digests: Buffer.concat(digests) };
    await nextTurn();
  }
}

function digestOf(packedRows: Uint8Array): Buffer {
  return hash('sha256', packedRows, 'buffer');
}

function keep(batchId: string, tree: StoredTree): void {
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
