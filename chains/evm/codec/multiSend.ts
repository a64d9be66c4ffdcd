import { type Address, concatHex, encodeFunctionData, encodePacked, type Hex, size } from 'viem';
import { multiSendAbi } from './safeAbi.ts';

/** One call inside a MultiSend: always operation 0 and no value, which is all that MultiSendCallOnly is used for here. */
export type InnerCall = { readonly to: Address; readonly data: Hex };

/**
 * Calldata of `multiSend(bytes)` with exactly two calls, each packed as operation (1 byte) ‖ to (20) ‖ value (32) ‖
 * data length (32) ‖ data.
 */
export function encodeMultiSend(calls: readonly [InnerCall, InnerCall]): Hex {
  const packed = calls.map(({ to, data }) =>
    encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, to, 0n, BigInt(size(data)), data]),
  );
  return encodeFunctionData({ abi: multiSendAbi, functionName: 'multiSend', args: [concatHex(packed)] });
}
