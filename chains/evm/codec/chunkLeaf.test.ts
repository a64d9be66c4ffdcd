import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryAddress, arbitraryBytes32, arbitraryRows } from './arbitraryBatch.testkit.ts';
import { type ChunkDomain, chunkLeaf } from './chunkLeaf.ts';
import { packRows } from './packRows.ts';

const arbitraryDomain: fc.Arbitrary<ChunkDomain> = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
  factory: arbitraryAddress,
  payer: arbitraryAddress,
  batchId: arbitraryBytes32,
  token: arbitraryAddress,
});

describe('chunkLeaf', () => {
  test('depends on every part', () => {
    fc.assert(
      fc.property(
        arbitraryDomain,
        arbitraryDomain,
        arbitraryRows(5),
        fc.nat(1000),
        (domain, other, rows, index) => {
          const packed = packRows(rows);
          const leaf = chunkLeaf(domain, index, packed);
          for (const field of Object.keys(domain) as (keyof ChunkDomain)[]) {
            fc.pre(domain[field] !== other[field]);
            expect(chunkLeaf({ ...domain, [field]: other[field] }, index, packed)).not.toBe(leaf);
          }
          expect(chunkLeaf(domain, index + 1, packed)).not.toBe(leaf);
          for (const byte of [0, 19, 20, 31]) {
            const changed = packed.slice();
            changed[byte] = (changed[byte] as number) ^ 1;
            expect(chunkLeaf(domain, index, changed)).not.toBe(leaf);
          }
        },
      ),
    );
  });

  test('does not depend on the case of an address', () => {
    const domain = {
      chainId: 1,
      factory: `0x${'aB'.repeat(20)}`,
      payer: `0x${'cd'.repeat(20)}`,
      batchId: `0x${'11'.repeat(32)}`,
      token: `0x${'ef'.repeat(20)}`,
    } as const;
    const rows = new Uint8Array(32).fill(1);
    expect(chunkLeaf(domain, 0, rows)).toBe(
      chunkLeaf({ ...domain, factory: `0x${'ab'.repeat(20)}` }, 0, rows),
    );
  });

  test.each([
    ['no rows', 0, 0, 'rows'],
    ['half a row', 0, 48, 'rows'],
    ['201 rows', 0, 201 * 32, 'rows'],
    ['a negative index', -1, 32, 'chunkIndex'],
    ['a broken index', 0.5, 32, 'chunkIndex'],
  ])('refuses %s', (_, index, size, field) => {
    const domain = {
      chainId: 1,
      factory: `0x${'ab'.repeat(20)}`,
      payer: `0x${'cd'.repeat(20)}`,
      batchId: `0x${'11'.repeat(32)}`,
      token: `0x${'ef'.repeat(20)}`,
    } as const;
    expect(() => chunkLeaf(domain, index, new Uint8Array(size))).toThrow(expect.objectContaining({ field }));
  });
});
