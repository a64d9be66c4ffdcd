import type { Address, Hex } from 'viem';
import { encodeExecTransaction } from '../../chains/evm/codec/encodeExecTransaction.ts';
import { safeAbi } from '../../chains/evm/codec/safeAbi.ts';
import { plainSafeTransaction, safeTransactionHash } from '../../chains/evm/codec/safeTransaction.ts';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import { APPROVERS, THRESHOLD } from './cast.ts';
import type { World } from './world.ts';

/** What the owners sign in another Safe tool: a call of the Safe itself that does nothing but use its next nonce. */
export async function useSafeElsewhere(world: World, safe: Address): Promise<Hex> {
  const nonce = await world.chain.readContract({ address: safe, abi: safeAbi, functionName: 'nonce' });
  const transaction = plainSafeTransaction({ to: safe, data: '0x', operation: 0, nonce });
  const hash = safeTransactionHash({ chainId: world.chainId, safe }, transaction);
  const signatures = await Promise.all(
    APPROVERS.slice(0, THRESHOLD).map(async (index) => {
      const owner = developmentAccount(index);
      return { owner: owner.address, signature: await owner.sign({ hash }) };
    }),
  );
  return encodeExecTransaction(transaction, signatures);
}
