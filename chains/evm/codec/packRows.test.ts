import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { describe, expect, test } from 'vitest';
import { arbitraryRows } from './arbitraryBatch.testkit.ts';
import { packRows } from './packRows.ts';
import { unpackRows } from './unpackRows.ts';

const recipient = '0x00000000000000000000000000000000000000Ff';

describe('packRows', () => {
  test('puts the recipient first and the amount in 12 big-endian bytes', () => {
    const packed = packRows([{ recipient, units: 0x0102n }]);
    expect(bytesToHex(packed)).toBe(`0x${'00'.repeat(19)}ff${'00'.repeat(10)}0102`);
  });

  test('unpackRows gives back what was packed', () => {
    fc.assert(
      fc.property(arbitraryRows(50), (rows) => {
        expect(unpackRows(packRows(rows))).toEqual(rows);
      }),
    );
  });

  test('unpackRows reads a view into a larger buffer', () => {
    const rows = [{ recipient: `0x${'ab'.repeat(20)}`, units: 7n }] as const;
    const buffer = new Uint8Array(96);
    buffer.set(packRows(rows), 40);
    expect(unpackRows(buffer.subarray(40, 72))).toEqual(rows);
  });

  test.each([
    ['0n', { recipient, units: 0n }, 'rows[0].units'],
    ['a negative amount', { recipient, units: -1n }, 'rows[0].units'],
    ['2^96', { recipient, units: 2n ** 96n }, 'rows[0].units'],
    ['a number', { recipient, units: 5 as unknown as bigint }, 'rows[0].units'],
    ['the zero address', { recipient: `0x${'00'.repeat(20)}`, units: 1n }, 'rows[0].recipient'],
    ['19 bytes', { recipient: `0x${'11'.repeat(19)}`, units: 1n }, 'rows[0].recipient'],
    ['21 bytes', { recipient: `0x${'11'.repeat(21)}`, units: 1n }, 'rows[0].recipient'],
    ['no 0x', { recipient: `${'11'.repeat(21)}` as `0x${string}`, units: 1n }, 'rows[0].recipient'],
    ['a letter beyond f', { recipient: `0x${'1g'.repeat(20)}`, units: 1n }, 'rows[0].recipient'],
    ['a character beyond ASCII', { recipient: `0x${'1é'.repeat(20)}`, units: 1n }, 'rows[0].recipient'],
  ] as const)('refuses %s', (_, row, field) => {
    expect(() => packRows([row])).toThrow(expect.objectContaining({ code: 'CODEC_INVALID', field }));
  });
});

describe('unpackRows', () => {
  test.each([
    ['a length that is not a multiple of 32', new Uint8Array(31).fill(1), 'rows'],
    ['an amount of zero', new Uint8Array(32).fill(1, 0, 20), 'rows[0].units'],
    ['the zero address', new Uint8Array(32).fill(1, 20), 'rows[0].recipient'],
  ])('refuses %s', (_, packed, field) => {
    expect(() => unpackRows(packed)).toThrow(expect.objectContaining({ field }));
  });
});
