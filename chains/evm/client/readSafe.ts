import { type Address, decodeFunctionResult, encodeFunctionData, type Hash } from 'viem';
import { safeAbi } from '../codec/safeAbi.ts';
import type { EvmClient } from './evmClient.ts';

/** A Safe as the chain has it. `owners` in the contract's order, checksummed. */
export type SafeState = {
  readonly owners: readonly Address[];
  readonly threshold: number;
  readonly nonce: bigint;
};

const GET_OWNERS = encodeFunctionData({ abi: safeAbi, functionName: 'getOwners' });
const GET_THRESHOLD = encodeFunctionData({ abi: safeAbi, functionName: 'getThreshold' });
const GET_NONCE = encodeFunctionData({ abi: safeAbi, functionName: 'nonce' });

/**
 * Reads a Safe at one block (EIP-1898), or at the node's head when none is named; null where nothing stands yet.
 * @throws viem's errors when the node does not answer, or what stands there is no Safe
 */
export async function readSafe(
  client: EvmClient,
  address: Address,
  blockHash?: Hash,
): Promise<SafeState | null> {
  const at = blockHash === undefined ? {} : { blockHash };
  const [owners, threshold, nonce] = await Promise.all(
    [GET_OWNERS, GET_THRESHOLD, GET_NONCE].map(async (data) => {
      const answer = await client.call({ to: address, data, ...at });
      return answer.data;
    }),
  );
  // A call of an address without code succeeds and returns nothing.
  if (owners === undefined || threshold === undefined || nonce === undefined) return null;
  return {
    owners: decodeFunctionResult({ abi: safeAbi, functionName: 'getOwners', data: owners }),
    threshold: Number(decodeFunctionResult({ abi: safeAbi, functionName: 'getThreshold', data: threshold })),
    nonce: decodeFunctionResult({ abi: safeAbi, functionName: 'nonce', data: nonce }),
  };
}
