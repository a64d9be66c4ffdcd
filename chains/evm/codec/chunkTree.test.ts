import fc from 'fast-check';
import { concatHex, type Hex, keccak256 } from 'viem';
import { describe, expect, test } from 'vitest';
import { arbitraryBytes32 } from './arbitraryBatch.testkit.ts';
import { chunkTree } from './chunkTree.ts';
import { verifyChunkProof } from './verifyChunkProof.testkit.ts';

const arbitraryLeaves = fc.uniqueArray(arbitraryBytes32, { minLength: 1, maxLength: 40 });
const arbitraryPlace = arbitraryLeaves.chain((leaves) =>
  fc.record({ leaves: fc.constant(leaves), index: fc.nat(leaves.length - 1) }),
);

function claim(leaves: readonly Hex[], index: number) {
  const { root, chunkCount, proof } = chunkTree(leaves);
  return { root, chunkCount, chunkIndex: index, leaf: leaves[index] as Hex, proof: proof(index) };
}

describe('chunkTree', () => {
  test('one leaf is its own root, without a proof', () => {
    const leaf = keccak256('0x01');
    expect(chunkTree([leaf]).root).toBe(leaf);
    expect(chunkTree([leaf]).proof(0)).toEqual([]);
  });

  test('an odd last leaf goes up unchanged', () => {
    const [a, b, c] = [keccak256('0x0a'), keccak256('0x0b'), keccak256('0x0c')] as const;
    const node = (left: Hex, right: Hex) => keccak256(concatHex(['0x01', left, right]));
    expect(chunkTree([a, b, c]).root).toBe(node(node(a, b), c));
    expect(chunkTree([a, b, c]).proof(2)).toEqual([node(a, b)]);
  });

  test('every proof verifies', () => {
    fc.assert(fc.property(arbitraryPlace, ({ leaves, index }) => verifyChunkProof(claim(leaves, index))));
  });

  test('refuses no leaves, a short leaf and an index out of range', () => {
    expect(() => chunkTree([])).toThrow('at least one chunk');
    expect(() => chunkTree(['0x12'])).toThrow(expect.objectContaining({ field: 'leaves[0]' }));
    const tree = chunkTree([keccak256('0x01')]);
    for (const index of [-1, 1, 0.5, Number.NaN]) expect(() => tree.proof(index)).toThrow('chunkIndex');
  });
});

describe('verifyChunkProof', () => {
  test('a proof holds for no other index', () => {
    fc.assert(
      fc.property(arbitraryPlace, fc.integer({ min: -2, max: 45 }), ({ leaves, index }, chunkIndex) => {
        fc.pre(chunkIndex !== index);
        return !verifyChunkProof({ ...claim(leaves, index), chunkIndex });
      }),
    );
  });

  test('a proof holds for no count that asks for another length', () => {
    fc.assert(
      fc.property(arbitraryPlace, fc.integer({ min: 0, max: 100 }), ({ leaves, index }, chunkCount) => {
        const proven = claim(leaves, index);
        fc.pre(proofLength(index, chunkCount) !== proven.proof.length);
        return !verifyChunkProof({ ...proven, chunkCount });
      }),
    );
  });

  test('an inner node passes for no chunk', () => {
    fc.assert(
      fc.property(arbitraryPlace, fc.nat(40), ({ leaves, index }, chunkIndex) => {
        const { root, chunkCount, proof } = claim(leaves, index);
        fc.pre(proof.length > 0);
        const sibling = proof[0] as Hex;
        const leaf = leaves[index] as Hex;
        const isRight = index % 2 === 1 && leaves[index - 1] === sibling;
        const inner = keccak256(concatHex(['0x01', isRight ? sibling : leaf, isRight ? leaf : sibling]));
        return !verifyChunkProof({ root, chunkCount, chunkIndex, leaf: inner, proof: proof.slice(1) });
      }),
    );
  });

  test('a changed leaf, root or element, a missing or further element is refused', () => {
    fc.assert(
      fc.property(arbitraryPlace, arbitraryBytes32, fc.nat(), ({ leaves, index }, other, at) => {
        const proven = claim(leaves, index);
        fc.pre(!leaves.includes(other) && !proven.proof.includes(other));
        const mutants = [
          { ...proven, leaf: other },
          { ...proven, root: other },
          { ...proven, proof: [...proven.proof, other] },
          { ...proven, proof: [other, ...proven.proof] },
        ];
        if (proven.proof.length > 0) {
          mutants.push(
            { ...proven, proof: proven.proof.slice(1) },
            { ...proven, proof: proven.proof.slice(0, -1) },
          );
          mutants.push({ ...proven, proof: proven.proof.with(at % proven.proof.length, other) });
        }
        return mutants.every((mutant) => !verifyChunkProof(mutant));
      }),
    );
  });
});

/** How many elements the proof of a place has; NaN for a place that does not exist. */
function proofLength(index: number, count: number): number {
  if (index >= count) return Number.NaN;
  if (count === 1) return 0;
  const isPromoted = index === count - 1 && count % 2 === 1;
  return (isPromoted ? 0 : 1) + proofLength(index >> 1, (count + 1) >> 1);
}
