import { type Address, getAddress, size, slice } from 'viem';
import type { EvmClient } from './evmClient.ts';

/** The nonce after the last included transaction of an address, at the node's head. */
export async function readNonce(client: EvmClient, address: Address): Promise<bigint> {
  return BigInt(await client.getTransactionCount({ address, blockTag: 'latest' }));
}

/** The same, counting what waits in the node's pool without a gap. */
export async function readPooledNonce(client: EvmClient, address: Address): Promise<bigint> {
  return BigInt(await client.getTransactionCount({ address, blockTag: 'pending' }));
}

/** What stands before the address in the code of a delegated account (EIP-7702). */
const DELEGATION_PREFIX = '0xef0100';
const DELEGATION_BYTES = 23;

/** Whose code an address runs by EIP-7702, at the node's head; null when it runs none. */
export async function readDelegation(client: EvmClient, address: Address): Promise<Address | null> {
  const code = await client.getCode({ address, blockTag: 'latest' });
  if (code === undefined || size(code) !== DELEGATION_BYTES) return null;
  return code.startsWith(DELEGATION_PREFIX) ? getAddress(slice(code, size(DELEGATION_PREFIX))) : null;
}

/** Base units of the native asset, at the node's head. */
export async function readNativeBalance(client: EvmClient, address: Address): Promise<bigint> {
  return client.getBalance({ address, blockTag: 'latest' });
}
