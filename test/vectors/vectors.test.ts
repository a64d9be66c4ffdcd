import { readFileSync } from 'node:fs';
import type { Hex } from 'viem';
import { recoverAddress } from 'viem';
import { describe, expect, test } from 'vitest';
import { unpackRows } from '../../chains/evm/codec/unpackRows.ts';
import { chunkVectors } from './chunkVectors.ts';
import { referenceLeaf, referenceRoot, referenceRows, referenceVerify } from './referenceTree.ts';
import { safeVectors } from './safeVectors.ts';

type ChunkCase = {
  chainId: number;
  factory: Hex;
  payer: Hex;
  batchId: Hex;
  token: Hex;
  chunkCount: number;
  total: string;
  chunks: Hex[];
  leaves: Hex[];
  root: Hex;
  [proof: `proof${number}`]: Hex[];
};

const chunks = read('chunks.json') as { cases: string[] } & Record<string, ChunkCase>;
const safe = read('safe.json') as { cases: string[] } & Record<
  string,
  { owners: Hex[]; hash: Hex; signatures: Hex }
>;

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

test('the committed vectors are what the codec makes', async () => {
  expect(chunks).toEqual(chunkVectors());
  expect(safe).toEqual(await safeVectors());
});

describe.each(chunks.cases)('%s', (name) => {
  const vector = chunks[name] as ChunkCase;

  test('the reference implementation agrees on rows, leaves and root', () => {
    const rows = vector.chunks.map((chunk) => unpackRows(Buffer.from(chunk.slice(2), 'hex')));
    expect(rows.map(referenceRows)).toEqual(vector.chunks);
    expect(rows.flat().reduce((sum, row) => sum + row.units, 0n)).toBe(BigInt(vector.total));
    expect(vector.chunks.map((chunk, index) => referenceLeaf(vector, index, chunk))).toEqual(vector.leaves);
    expect(referenceRoot(vector.leaves)).toBe(vector.root);
  });

  test('each proof verifies at its index and at no other', () => {
    for (let index = 0; index < vector.chunkCount; index += 1) {
      const proof = vector[`proof${index}`] as Hex[];
      for (let place = 0; place < vector.chunkCount; place += 1) {
        const verifies = referenceVerify(
          vector.root,
          vector.chunkCount,
          place,
          vector.leaves[index] as Hex,
          proof,
        );
        expect(verifies).toBe(place === index);
      }
    }
  });
});

test.each(safe.cases)('the packed signatures of %s are its owners’, in ascending order', async (name) => {
  const vector = safe[name] as { owners: Hex[]; hash: Hex; signatures: Hex };
  const signatures = [vector.signatures.slice(2, 132), vector.signatures.slice(132)].map(
    (hex): Hex => `0x${hex}`,
  );
  const signers = await Promise.all(
    signatures.map((signature) => recoverAddress({ hash: vector.hash, signature })),
  );
  expect(signers.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))).toEqual(signers);
  expect(new Set(signers).size).toBe(2);
  for (const signer of signers) expect(vector.owners).toContain(signer);
});
