import { CodecError } from './codecError.ts';
import { readHex } from './hexBytes.ts';
import { type PayoutRow, ROW_BYTES } from './payoutRow.ts';

const ZERO_RECIPIENT = `0x${'00'.repeat(20)}`;

/**
 * The inverse of packRows. Recipients come back in lower case (a checksum costs a hash a row; take viem's
 * `getAddress` where one is shown).
 *
 * @throws CodecError when the length is not a multiple of 32, a recipient is zero or an amount is zero
 */
export function unpackRows(packed: Uint8Array): PayoutRow[] {
  if (packed.length % ROW_BYTES !== 0) {
    throw new CodecError('rows', `expected a multiple of ${ROW_BYTES} bytes, found ${packed.length}.`);
  }
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const rows: PayoutRow[] = new Array(packed.length / ROW_BYTES);
  for (let index = 0; index < rows.length; index += 1) {
    const offset = index * ROW_BYTES;
    const recipient = readHex(packed, offset, offset + 20);
    if (recipient === ZERO_RECIPIENT) {
      throw new CodecError(`rows[${index}].recipient`, 'the zero address cannot be paid.');
    }
    const units = (BigInt(view.getUint32(offset + 20)) << 64n) | view.getBigUint64(offset + 24);
    if (units === 0n) throw new CodecError(`rows[${index}].units`, 'expected more than 0 base units.');
    rows[index] = { recipient, units };
  }
  return rows;
}
