import { type Address, encodeFunctionData, erc20Abi, type Hex } from 'viem';
import { payoutVaultFactoryAbi } from '../../../contracts/abi/payoutVaultFactory.ts';
import { encodeMultiSend } from './multiSend.ts';
import { SAFE_DEPLOYMENT } from './safeDeployment.ts';
import { plainSafeTransaction, type SafeTransaction } from './safeTransaction.ts';

/** The parameters of `PayoutVaultFactory.open`. Times are unix seconds, `total` is in base units. */
export type OpenParams = {
  readonly batchId: Hex;
  readonly token: Address;
  readonly total: bigint;
  readonly root: Hex;
  readonly chunkCount: number;
  readonly gasPerPayout: number;
  readonly openBy: bigint;
  readonly closeAfter: bigint;
};

/**
 * The one Safe transaction that funds and opens a batch: MultiSendCallOnly by delegate call of exactly
 * `token.transfer(vault, total)` and `factory.open(params)`.
 *
 * @param vault the batch's vault, from `vaultAddress`
 */
export function openTransaction(
  { factory, vault, nonce }: { factory: Address; vault: Address; nonce: bigint },
  params: OpenParams,
): SafeTransaction {
  return plainSafeTransaction({
    to: SAFE_DEPLOYMENT.multiSendCallOnly.address,
    operation: 1,
    nonce,
    data: encodeMultiSend([
      {
        to: params.token,
        data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [vault, params.total] }),
      },
      {
        to: factory,
        data: encodeFunctionData({ abi: payoutVaultFactoryAbi, functionName: 'open', args: [params] }),
      },
    ]),
  });
}
