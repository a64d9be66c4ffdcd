import { type Address, encodeFunctionData } from 'viem';
import { payoutVaultAbi } from '../../../contracts/abi/payoutVault.ts';
import { plainSafeTransaction, type SafeTransaction } from './safeTransaction.ts';

/** The Safe transaction that closes a vault early and takes back what it holds: `vault.close()`, a plain call. */
export function closeTransaction({ vault, nonce }: { vault: Address; nonce: bigint }): SafeTransaction {
  return plainSafeTransaction({
    to: vault,
    operation: 0,
    nonce,
    data: encodeFunctionData({ abi: payoutVaultAbi, functionName: 'close' }),
  });
}
