import { type Address, type Hex, parseGwei } from 'viem';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import type { World } from './world.ts';

const GAS_LIMIT = 16_000_000n;
/** More than the fee spikes: strangers are not what is tested. */
const MAX_FEE_WEI = parseGwei('2000');

/** An outsider sends a transaction, with the next nonce after what waits already. */
export async function sendAs(world: World, index: number, to: Address, data: Hex): Promise<void> {
  const account = developmentAccount(index);
  const nonce = await world.chain.getTransactionCount({ address: account.address, blockTag: 'pending' });
  await world.chain.sendTransaction({
    ...{ account, to, data, nonce, chain: null },
    gas: GAS_LIMIT,
    maxFeePerGas: MAX_FEE_WEI,
    maxPriorityFeePerGas: parseGwei('1'),
  });
}
