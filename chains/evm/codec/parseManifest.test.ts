import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { describe, expect, test } from 'vitest';
import { arbitraryManifest, arbitraryRows, testTerms } from './arbitraryBatch.testkit.ts';
import { encodeManifest, manifestPieces } from './encodeManifest.ts';
import { type Manifest, manifestRows } from './manifest.ts';
import { manifestFromRows } from './manifestFromRows.ts';
import { parseManifest } from './parseManifest.ts';

const rows = [1n, 20n, 300n, 4_000n, 50_000n].map(
  (units, index) => ({ recipient: `0x${`a${index}`.repeat(20)}`, units }) as const,
);
const manifest = manifestFromRows(testTerms, rows);
const text = encodeManifest(manifest);
const file = JSON.parse(text);

/** The file with one field put to something else; undefined takes it out. */
function changed(field: string, value: unknown): string {
  return JSON.stringify({ ...file, [field]: value });
}

describe('encodeManifest', () => {
  test('is JSON with the fields in their documented order', () => {
    expect(Object.keys(file)).toEqual([
      'format',
      'caip2',
      'factory',
      'implementation',
      'payer',
      'batchId',
      'token',
      'tokenDecimals',
      'tokenSymbol',
      'total',
      'root',
      'gasPerPayout',
      'chunkCount',
      'openBy',
      'closeAfter',
      'checksum',
      'chunks',
    ]);
    expect(file).toMatchObject({ caip2: 'eip155:31337', total: '54321', chunkCount: 3 });
    expect(file.chunks).toEqual(manifest.chunks.map((chunk) => bytesToHex(chunk)));
  });

  test('comes in pieces that make the same text, a piece a chunk', () => {
    const pieces = [...manifestPieces(manifest, manifest.chunks.values())];
    expect(pieces.join('')).toBe(text);
    expect(pieces).toHaveLength(manifest.chunkCount + 2);
  });
});

describe('parseManifest', () => {
  test('gives back what was encoded, and its rows', () => {
    fc.assert(
      fc.property(arbitraryManifest, (drawn) => {
        expect(parseManifest(encodeManifest(drawn))).toEqual(drawn);
      }),
    );
    fc.assert(
      fc.property(arbitraryRows(14), (drawn) => {
        const parsed = parseManifest(encodeManifest(manifestFromRows(testTerms, drawn)));
        expect(manifestRows(parsed)).toEqual(drawn);
      }),
    );
  });

  test('accepts the file with other white space and in another order', () => {
    const reordered = Object.fromEntries(Object.entries(file).toReversed());
    expect(parseManifest(JSON.stringify(reordered, null, 2))).toEqual(manifest);
  });

  test.each([
    ['format', 'protocol-banks/manifest@2'],
    ['caip2', 'eip155:1'],
    ['caip2', 'eip155:0'],
    ['caip2', 'eip155:31337 '],
    ['caip2', 'solana:31337'],
    ['caip2', 'eip155:9999999999999999'],
    ['factory', testTerms.payer],
    ['factory', testTerms.factory.slice(0, -1)],
    ['factory', `0x${testTerms.factory.slice(2).toUpperCase()}`],
    ['implementation', testTerms.payer],
    ['payer', testTerms.factory],
    ['batchId', `0x${'11'.repeat(32)}`],
    ['batchId', '0x11'],
    ['token', testTerms.payer],
    ['tokenDecimals', 7],
    ['tokenDecimals', -1],
    ['tokenDecimals', 78],
    ['tokenDecimals', '6'],
    ['tokenSymbol', 'USDT'],
    ['tokenSymbol', ''],
    ['tokenSymbol', 'US\u202eDC'],
    ['tokenSymbol', 'U'.repeat(33)],
    ['total', '54322'],
    ['total', '054321'],
    ['total', 54321],
    ['total', '-54321'],
    ['total', (2n ** 128n).toString()],
    ['root', `0x${'11'.repeat(32)}`],
    ['gasPerPayout', 8_000_001],
    ['gasPerPayout', 49_999],
    ['gasPerPayout', 10_000_001],
    ['chunkCount', 2],
    ['chunkCount', 4],
    ['chunkCount', 0],
    ['openBy', 1_800_000_001],
    ['openBy', 0],
    ['openBy', 1e15],
    ['openBy', 1.5],
    ['closeAfter', 1_800_604_801],
    ['closeAfter', 1_799_999_999],
    ['checksum', `0x${'11'.repeat(32)}`],
    ['chunks', []],
    ['chunks', file.chunks.slice(1)],
    ['chunks', file.chunks.toReversed()],
    ['chunks', [...file.chunks, file.chunks[0]]],
    ['chunks', file.chunks.with(1, '0x')],
    ['chunks', file.chunks.with(1, `${file.chunks[1]}00`)],
    ['chunks', file.chunks.with(1, `${file.chunks[1]}0`)],
    ['chunks', file.chunks.with(1, file.chunks[1].slice(2))],
    ['chunks', file.chunks.with(1, file.chunks[1].replace(/.$/, '9'))],
    ['chunks', [`${file.chunks[0]}${file.chunks[1].slice(2)}${file.chunks[2].slice(2)}`]],
    ['further', true],
  ])('refuses another %s: %j', (field, value) => {
    expect(() => parseManifest(changed(field, value))).toThrow(
      expect.objectContaining({ code: 'CODEC_INVALID' }),
    );
  });

  test.each(Object.keys(file))('refuses a file without %s and names it', (field) => {
    expect(() => parseManifest(changed(field, undefined))).toThrow(expect.objectContaining({ field }));
  });

  test('names the field at fault', () => {
    const fieldOf = (changedText: string) => {
      try {
        parseManifest(changedText);
      } catch (error) {
        return (error as { field: string }).field;
      }
      return 'none';
    };
    expect(fieldOf(changed('total', '54322'))).toBe('total');
    expect(fieldOf(changed('root', `0x${'11'.repeat(32)}`))).toBe('root');
    expect(fieldOf(changed('chunkCount', 2))).toBe('chunkCount');
    expect(fieldOf(changed('payer', testTerms.factory))).toBe('root');
    expect(fieldOf(changed('openBy', 1_800_000_001))).toBe('checksum');
    expect(fieldOf(changed('chunks', file.chunks.with(1, '0xzz')))).toBe('chunks[1]');
    expect(fieldOf(changed('further', 1))).toBe('further');
    expect(fieldOf('[]')).toBe('manifest');
  });

  test('refuses a change of any character of the file that changes its meaning', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('0', '1', 'f', 'z', '"', ',', ' '),
        (at, character) => {
          const mutant = text.slice(0, at) + character + text.slice(at + 1);
          const outcome = parsed(mutant);
          if (outcome !== null) expect(outcome).toEqual(manifest);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('refuses what is no JSON, no object or too long', () => {
    for (const refused of ['', '{', 'null', '[]', '"text"', ' '.repeat(16 * 1024 * 1024 + 1)]) {
      expect(() => parseManifest(refused)).toThrow(expect.objectContaining({ field: 'manifest' }));
    }
  });
});

function parsed(mutant: string): Manifest | null {
  try {
    return parseManifest(mutant);
  } catch {
    return null;
  }
}
