import type { Address } from 'viem';
import type { EvmClient } from './evmClient.ts';

/** The nonce after the last included transaction of an address, at the node's head. */
export async function readNonce(client: EvmClient, address: Address): Promise<bigint> {
  return BigInt(await client.getTransactionCount({ address, blockTag: 'latest' }));
}

/** Base units of the native asset, at the node's head. */
export async function readNativeBalance(client: EvmClient, address: Address): Promise<bigint> {
  return client.getBalance({ address, blockTag: 'latest' });
}
