import { CodecError } from './codecError.ts';

const NOT_HEX = 255;
const NIBBLES = new Uint8Array(128).fill(NOT_HEX);
for (let digit = 0; digit < 16; digit += 1) {
  NIBBLES[digit.toString(16).charCodeAt(0)] = digit;
  NIBBLES[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * Writes a 0x-prefixed hex string of exactly `size` bytes into `target` at `offset`. Strict where a general parser
 * is lenient, and without an allocation per call: it runs once a row.
 *
 * @throws CodecError naming `field` when the text is not `0x` and 2 × size hexadecimal digits
 */
export function writeHex(hex: string, size: number, target: Uint8Array, offset: number, field: string): void {
  if (typeof hex !== 'string' || hex.length !== 2 + size * 2 || !hex.startsWith('0x')) {
    throw new CodecError(field, `expected 0x and ${size * 2} hexadecimal digits.`);
  }
  for (let index = 0; index < size; index += 1) {
    const high = NIBBLES[hex.charCodeAt(2 + index * 2)] ?? NOT_HEX;
    const low = NIBBLES[hex.charCodeAt(3 + index * 2)] ?? NOT_HEX;
    if (high === NOT_HEX || low === NOT_HEX) {
      throw new CodecError(field, `expected 0x and ${size * 2} hexadecimal digits.`);
    }
    target[offset + index] = high * 16 + low;
  }
}

/** The bytes [start, end) as lower-case hex with 0x. */
export function readHex(source: Uint8Array, start: number, end: number): `0x${string}` {
  let text = '';
  for (let index = start; index < end; index += 1) text += BYTES[source[index] as number];
  return `0x${text}`;
}
