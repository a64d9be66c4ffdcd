import {
  type Address,
  getAddress,
  type Hash,
  type Hex,
  keccak256,
  pad,
  sliceHex,
  zeroAddress,
  zeroHash,
} from 'viem';
import type { SafeStorage } from '../codec/findSafeFaults.ts';
import { SAFE_DEPLOYMENT } from '../codec/safeDeployment.ts';
import {
  FALLBACK_HANDLER_SLOT,
  GUARD_SLOT,
  moduleSlot,
  SENTINEL,
  SINGLETON_SLOT,
} from '../codec/safeSlots.ts';
import type { EvmClient } from './evmClient.ts';

const MAX_MODULES_READ = 20;

const PINNED: ReadonlySet<Address> = new Set(
  [SAFE_DEPLOYMENT.singletonL2, SAFE_DEPLOYMENT.singletonL1, SAFE_DEPLOYMENT.fallbackHandler].map(
    ({ address }) => address,
  ),
);

/**
 * Reads at one block what a Safe is made of, whatever stands there: from its code and its storage, never by asking it.
 * @throws viem's errors when the node does not answer, or has that block's state no longer
 */
export async function readSafeStorage(
  client: EvmClient,
  address: Address,
  blockHash: Hash,
): Promise<SafeStorage> {
  const [codeHash, singleton, guard, handler, modules] = await Promise.all([
    readCodeHash(client, address, blockHash),
    readAddress(client, address, SINGLETON_SLOT, blockHash),
    readAddress(client, address, GUARD_SLOT, blockHash),
    readAddress(client, address, FALLBACK_HANDLER_SLOT, blockHash),
    readModules(client, address, blockHash),
  ]);
  const [singletonCodeHash, fallbackHandlerCodeHash] = await Promise.all(
    [singleton, handler].map(async (contract) =>
      // Of any other contract the code does not matter: it is unknown by its address.
      PINNED.has(contract) ? readCodeHash(client, contract, blockHash) : null,
    ),
  );
  return {
    codeHash,
    singleton,
    singletonCodeHash: singletonCodeHash ?? null,
    ...modules,
    guard: guard === zeroAddress ? null : guard,
    fallbackHandler: handler === zeroAddress ? null : handler,
    fallbackHandlerCodeHash: fallbackHandlerCodeHash ?? null,
  };
}

async function readModules(
  client: EvmClient,
  address: Address,
  blockHash: Hash,
): Promise<Pick<SafeStorage, 'modules' | 'hasAllModules'>> {
  const modules: Address[] = [];
  let next = SENTINEL;
  do {
    next = await readAddress(client, address, moduleSlot(next), blockHash);
    // Zero: never set up where it is the first, broken where it is not.
    if (next === zeroAddress) return { modules, hasAllModules: modules.length === 0 };
    if (next === SENTINEL) return { modules, hasAllModules: true };
    modules.push(next);
  } while (modules.length < MAX_MODULES_READ);
  return { modules, hasAllModules: false };
}

/** The low 20 bytes of a slot, as the contracts read an address from it. */
async function readAddress(
  client: EvmClient,
  address: Address,
  slot: Hex,
  blockHash: Hash,
): Promise<Address> {
  const word = (await client.getStorageAt({ address, slot, blockHash })) ?? zeroHash;
  return getAddress(sliceHex(pad(word, { size: 32 }), 12));
}

async function readCodeHash(client: EvmClient, address: Address, blockHash: Hash): Promise<Hex | null> {
  const code = await client.getCode({ address, blockHash });
  return code === undefined ? null : keccak256(code);
}
