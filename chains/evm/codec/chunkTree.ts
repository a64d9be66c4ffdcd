import { type Hex, keccak256 } from 'viem';
import { CodecError } from './codecError.ts';
import { readHex, writeHex } from './hexBytes.ts';

/** The Merkle tree of a batch. `proof(index)` lists siblings from the leaf up; a promoted node has none at its level. */
export type ChunkTree = {
  readonly root: Hex;
  readonly chunkCount: number;
  readonly proof: (chunkIndex: number) => Hex[];
};

const HASH_BYTES = 32;
const NODE_TAG = 0x01;

/**
 * The tree over the leaves in chunk order (never sorted by value): node = keccak(0x01 ‖ left ‖ right), pairs (2i, 2i+1),
 * an odd last node goes up unchanged. All levels are kept: a proof is a few look-ups.
 *
 * @throws CodecError when there are no leaves, one is not 32 bytes, or a proof is asked for an index out of range
 */
export function chunkTree(leaves: readonly Hex[]): ChunkTree {
  if (leaves.length === 0) throw new CodecError('leaves', 'a batch has at least one chunk.');
  const bottom = new Uint8Array(leaves.length * HASH_BYTES);
  for (let index = 0; index < leaves.length; index += 1) {
    writeHex(leaves[index] as Hex, HASH_BYTES, bottom, index * HASH_BYTES, `leaves[${index}]`);
  }
  const levels: Uint8Array[] = [bottom];
  let level: Uint8Array = bottom;
  while (level.length > HASH_BYTES) {
    level = parentLevel(level);
    levels.push(level);
  }
  return {
    root: readHex(level, 0, HASH_BYTES),
    chunkCount: leaves.length,
    proof: (chunkIndex) => proofFrom(levels, chunkIndex),
  };
}

function parentLevel(level: Uint8Array): Uint8Array {
  const count = level.length / HASH_BYTES;
  const parents = new Uint8Array(((count + 1) >> 1) * HASH_BYTES);
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = NODE_TAG;
  for (let left = 0; left + 1 < count; left += 2) {
    node.set(level.subarray(left * HASH_BYTES, (left + 2) * HASH_BYTES), 1);
    parents.set(keccak256(node, 'bytes'), (left >> 1) * HASH_BYTES);
  }
  if (count % 2 === 1) parents.set(level.subarray((count - 1) * HASH_BYTES), parents.length - HASH_BYTES);
  return parents;
}

function proofFrom(levels: readonly Uint8Array[], chunkIndex: number): Hex[] {
  const chunkCount = (levels[0] as Uint8Array).length / HASH_BYTES;
  if (!Number.isInteger(chunkIndex) || chunkIndex < 0 || chunkIndex >= chunkCount) {
    throw new CodecError('chunkIndex', `expected 0 to ${chunkCount - 1}, found ${chunkIndex}.`);
  }
  const proof: Hex[] = [];
  let index = chunkIndex;
  for (const level of levels.slice(0, -1)) {
    const sibling = (index ^ 1) * HASH_BYTES;
    if (sibling < level.length) proof.push(readHex(level, sibling, sibling + HASH_BYTES));
    index >>= 1;
  }
  return proof;
}
