import { MAX_PAYOUT_UNITS } from '../../../core/money.ts';
import { CodecError } from './codecError.ts';
import { writeHex } from './hexBytes.ts';
import { type PayoutRow, ROW_BYTES } from './payoutRow.ts';

/**
 * Rows as the contract reads them: 32 bytes each, recipient ‖ uint96 amount, in the given order.
 *
 * @throws CodecError with the row's index when a recipient is not a non-zero 20-byte address or an amount is not in
 *   1 … 2^96 − 1 base units
 */
export function packRows(rows: readonly PayoutRow[]): Uint8Array {
  const packed = new Uint8Array(rows.length * ROW_BYTES);
  const view = new DataView(packed.buffer);
  for (let index = 0; index < rows.length; index += 1) {
    const { recipient, units } = rows[index] as PayoutRow;
    const offset = index * ROW_BYTES;
    writeHex(recipient, 20, packed, offset, `rows[${index}].recipient`);
    if (isZero(packed, offset, 20))
      throw new CodecError(`rows[${index}].recipient`, 'the zero address cannot be paid.');
    if (typeof units !== 'bigint' || units <= 0n || units > MAX_PAYOUT_UNITS) {
      throw new CodecError(`rows[${index}].units`, `expected 1 to 2^96 − 1 base units, found ${units}.`);
    }
    view.setUint32(offset + 20, Number(units >> 64n));
    view.setBigUint64(offset + 24, units & 0xffff_ffff_ffff_ffffn);
  }
  return packed;
}

/** Whether `length` bytes from `offset` are all zero. */
function isZero(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index += 1) if (bytes[index] !== 0) return false;
  return true;
}
