import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countRows, rowBits } from './rowBits.ts';

const bitmap = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n });

test('bit i of the bitmap is bit i % 8 of byte i / 8, as get_bit(bytea, i) reads it', () => {
  fc.assert(
    fc.property(bitmap, fc.nat(255), (bits, index) => {
      const bytes = rowBits(bits);
      expect(bytes).toHaveLength(32);
      expect(((bytes[index >> 3] ?? 0) >> (index & 7)) & 1).toBe(Number((bits >> BigInt(index)) & 1n));
    }),
  );
});

test('counts the bits that are set', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(255)), (indices) => {
      const bits = indices.reduce((sum, index) => sum | (1n << BigInt(index)), 0n);
      expect(countRows(bits)).toBe(indices.length);
    }),
  );
});
