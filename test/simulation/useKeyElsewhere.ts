import { parseGwei } from 'viem';
import { required } from '../../core/errors.ts';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import { RELAYERS } from './cast.ts';
import type { World } from './world.ts';

const TRANSFER_GAS = 21_000n;
/** What waits with the same nonce is outbid, whatever it pays. */
const MAX_FEE_WEI = parseGwei('2000');

/** The key of a relayer in other hands: it takes the first nonce that no block has. */
export async function useKeyElsewhere(world: World, relayer: number): Promise<void> {
  const index = required(RELAYERS[relayer % world.plan.relayerCount], 'A relayer');
  const account = developmentAccount(index);
  const nonce = await world.chain.getTransactionCount({ address: account.address, blockTag: 'latest' });
  await world.chain.sendTransaction({
    ...{ account, to: account.address, nonce, gas: TRANSFER_GAS, chain: null },
    maxFeePerGas: MAX_FEE_WEI,
    maxPriorityFeePerGas: MAX_FEE_WEI,
  });
}
