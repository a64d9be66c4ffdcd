import { type Hex, keccak256 } from 'viem';
import { readHex, writeHex } from './hexBytes.ts';

const HASH_BYTES = 32;
const NODE_TAG = 0x01;

/** A leaf's claimed place in a batch of `chunkCount` chunks. */
export type ChunkProof = {
  readonly root: Hex;
  readonly chunkCount: number;
  readonly chunkIndex: number;
  readonly leaf: Hex;
  readonly proof: readonly Hex[];
};

/**
 * What the vault checks before it pays a chunk. The proof's length follows from index and count: an element too many or
 * too few is false, as is an index out of range.
 *
 * @throws CodecError when a hash is not 32 bytes of hex
 */
export function verifyChunkProof({ root, chunkCount, chunkIndex, leaf, proof }: ChunkProof): boolean {
  if (!Number.isInteger(chunkCount) || !Number.isInteger(chunkIndex)) return false;
  if (chunkIndex < 0 || chunkIndex >= chunkCount) return false;
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = NODE_TAG;
  let hash = new Uint8Array(HASH_BYTES);
  writeHex(leaf, HASH_BYTES, hash, 0, 'leaf');
  let used = 0;
  let index = chunkIndex;
  for (let count = chunkCount; count > 1; count = Math.ceil(count / 2)) {
    const isPromoted = index === count - 1 && count % 2 === 1;
    if (!isPromoted) {
      const sibling = proof[used];
      if (sibling === undefined) return false;
      const isRight = index % 2 === 1;
      writeHex(sibling, HASH_BYTES, node, isRight ? 1 : 1 + HASH_BYTES, `proof[${used}]`);
      node.set(hash, isRight ? 1 + HASH_BYTES : 1);
      hash = keccak256(node, 'bytes') as Uint8Array<ArrayBuffer>;
      used += 1;
    }
    index = Math.floor(index / 2);
  }
  return used === proof.length && readHex(hash, 0, HASH_BYTES) === root.toLowerCase();
}
