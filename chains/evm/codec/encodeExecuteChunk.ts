import { encodeFunctionData, type Hex, toHex } from 'viem';
import { payoutVaultAbi } from '../../../contracts/abi/payoutVault.ts';

/**
 * A chunk ready to be executed: its packed rows, as bytes or as the digits that whoever has native code for it has made of
 * them, and the proof that `chunkTree` gives for its index.
 */
export type ProvenChunk = {
  readonly chunkIndex: number;
  readonly rows: Uint8Array | Hex;
  readonly proof: readonly Hex[];
};

/** Calldata of `PayoutVault.execute`. Its gas limit is `executeGasLimit`, never an estimate. */
export function encodeExecuteChunk({ chunkIndex, rows, proof }: ProvenChunk): Hex {
  return encodeFunctionData({
    abi: payoutVaultAbi,
    functionName: 'execute',
    args: [BigInt(chunkIndex), digitsOf(rows), [...proof]],
  });
}

/**
 * Calldata of `PayoutVault.retry`. Its gas limit is `retryGasLimit`.
 * @param rowMask bit (1 << row) for each row of the chunk to be tried
 */
export function encodeRetryChunk({ chunkIndex, rows, proof }: ProvenChunk, rowMask: bigint): Hex {
  return encodeFunctionData({
    abi: payoutVaultAbi,
    functionName: 'retry',
    args: [BigInt(chunkIndex), digitsOf(rows), [...proof], rowMask],
  });
}

function digitsOf(rows: Uint8Array | Hex): Hex {
  return typeof rows === 'string' ? rows : toHex(rows);
}
