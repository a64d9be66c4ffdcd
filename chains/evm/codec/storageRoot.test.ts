import fc from 'fast-check';
import { type Hex, numberToHex } from 'viem';
import { expect, test } from 'vitest';
import { EMPTY_STORAGE_ROOT, storageRoot } from './storageRoot.ts';

const arbitraryStorage = fc
  .array(
    fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.bigInt({ min: 1n, max: 2n ** 256n - 1n })),
    {
      maxLength: 60,
    },
  )
  .map((entries) => new Map(entries.map(([slot, value]) => [numberToHex(slot, { size: 32 }), value])));

test('nothing, and slots of 0, have the root of the empty trie', () => {
  expect(EMPTY_STORAGE_ROOT).toBe('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
  expect(storageRoot(new Map())).toBe(EMPTY_STORAGE_ROOT);
  expect(storageRoot(new Map([[numberToHex(0n, { size: 32 }), 0n]]))).toBe(EMPTY_STORAGE_ROOT);
});

test('neither the order of slots nor slots of 0 nor letters change a root', () => {
  fc.assert(
    fc.property(arbitraryStorage, fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (storage, unused) => {
      const slot = numberToHex(unused, { size: 32 });
      fc.pre(!storage.has(slot));
      const shouted = [...storage].map(
        ([each, value]) => [`0x${each.slice(2).toUpperCase()}` as Hex, value] as const,
      );
      const other = new Map([...shouted.reverse(), [slot, 0n] as const, ...storage]);
      expect(storageRoot(other)).toBe(storageRoot(storage));
    }),
  );
});

test('any one slot more or less, or of another value, changes it', () => {
  fc.assert(
    fc.property(
      arbitraryStorage,
      fc.nat(),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      (storage, index, value) => {
        const slot =
          [...storage.keys()][index % (storage.size + 1)] ?? numberToHex(2n ** 255n + 7n, { size: 32 });
        fc.pre((storage.get(slot) ?? 0n) !== value);
        expect(storageRoot(new Map([...storage, [slot, value]]))).not.toBe(storageRoot(storage));
      },
    ),
  );
});
