import { encodeFunctionData, type Hex } from 'viem';
import { type OwnerSignature, packSafeSignatures } from './packSafeSignatures.ts';
import { safeAbi } from './safeAbi.ts';
import type { SafeTransaction } from './safeTransaction.ts';

/**
 * Calldata of `Safe.execTransaction`. The nonce is not in it: the Safe takes its own, so a transaction signed for
 * another nonce fails its signature check.
 *
 * @throws CodecError when an owner signed twice
 */
export function encodeExecTransaction(
  transaction: SafeTransaction,
  signatures: readonly OwnerSignature[],
): Hex {
  return encodeFunctionData({
    abi: safeAbi,
    functionName: 'execTransaction',
    args: [
      transaction.to,
      transaction.value,
      transaction.data,
      transaction.operation,
      transaction.safeTxGas,
      transaction.baseGas,
      transaction.gasPrice,
      transaction.gasToken,
      transaction.refundReceiver,
      packSafeSignatures(signatures),
    ],
  });
}
