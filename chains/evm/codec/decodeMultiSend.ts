import { type Address, decodeFunctionData, type Hex, hexToBigInt, size, slice } from 'viem';
import { CodecError } from './codecError.ts';
import { encodeMultiSend, type InnerCall } from './multiSend.ts';
import { multiSendAbi } from './safeAbi.ts';

const HEADER_BYTES = 1 + 20 + 32 + 32;

/**
 * The two calls of a MultiSend's calldata. Accepts exactly what encodeMultiSend makes: two plain calls without value,
 * and the same bytes when encoded again, so that nothing hides in padding, offsets or a tail.
 *
 * @throws CodecError saying what is not as expected; viem's errors when it is no `multiSend(bytes)` call at all
 */
export function decodeMultiSend(data: Hex): [InnerCall, InnerCall] {
  const lowerCase = data.toLowerCase() as Hex;
  const [packed] = decodeFunctionData({ abi: multiSendAbi, data: lowerCase }).args;
  const [first, afterFirst] = readCall(packed, 0, 'the first call');
  const [second, afterSecond] = readCall(packed, afterFirst, 'the second call');
  if (afterSecond !== size(packed)) throw new CodecError('multiSend', 'there is more than two calls.');
  const calls: [InnerCall, InnerCall] = [first, second];
  if (encodeMultiSend(calls) !== lowerCase) {
    throw new CodecError('multiSend', 'the calls do not encode to the same bytes again.');
  }
  return calls;
}

function readCall(packed: Hex, offset: number, name: string): [InnerCall, number] {
  const total = size(packed);
  if (total < offset + HEADER_BYTES) throw new CodecError('multiSend', `${name} is missing or cut short.`);
  const operation = slice(packed, offset, offset + 1);
  const to = slice(packed, offset + 1, offset + 21) as Address;
  const value = hexToBigInt(slice(packed, offset + 21, offset + 53));
  const dataSize = hexToBigInt(slice(packed, offset + 53, offset + HEADER_BYTES));
  if (operation !== '0x00') throw new CodecError('multiSend', `${name} is not a plain call.`);
  if (value !== 0n) throw new CodecError('multiSend', `${name} sends ${value} of the native currency.`);
  const start = offset + HEADER_BYTES;
  if (dataSize === 0n || dataSize > BigInt(total - start)) {
    throw new CodecError('multiSend', `${name} has no data or is cut short.`);
  }
  const end = start + Number(dataSize);
  return [{ to, data: slice(packed, start, end) }, end];
}
