import { type Address, decodeFunctionResult, encodeFunctionData, erc20Abi, type Hash } from 'viem';
import type { EvmClient } from './evmClient.ts';

/**
 * An ERC-20 balance at one block (EIP-1898), in the token's base units.
 * @throws viem's errors when the node does not answer or the address is no token
 */
export async function readTokenBalance(
  client: EvmClient,
  token: Address,
  holder: Address,
  blockHash: Hash,
): Promise<bigint> {
  const { data } = await client.call({
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [holder] }),
    blockHash,
  });
  return decodeFunctionResult({ abi: erc20Abi, functionName: 'balanceOf', data: data ?? '0x' });
}
