import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex, stringToHex } from 'viem';

// Where Safe 1.4.1 keeps what it keeps: SafeStorage.sol, GuardManager.sol and FallbackManager.sol.
const MODULES_MAPPING_SLOT = 1n;
const OWNERS_MAPPING_SLOT = 2n;
const OWNER_COUNT_SLOT = slotAt(3n);
const THRESHOLD_SLOT = slotAt(4n);
const NONCE_SLOT = slotAt(5n);
/** Of versions before 1.3; a Safe that was moved on from one still holds it, and nothing reads it. */
const DOMAIN_SEPARATOR_SLOT = slotAt(6n);
const APPROVED_HASHES_MAPPING_SLOT = 8n;
export const SINGLETON_SLOT = slotAt(0n);
export const GUARD_SLOT = keccak256(stringToHex('guard_manager.guard.address'));
export const FALLBACK_HANDLER_SLOT = keccak256(stringToHex('fallback_manager.handler.address'));
/** Begins and ends the linked lists of modules and of owners. */
export const SENTINEL: Address = '0x0000000000000000000000000000000000000001';

/**
 * Every slot that a Safe 1.4.1 with these lists uses, whether it holds something or 0. Beyond them it knows only messages
 * signed and transactions approved on chain, whose slots cannot be listed: they follow from hashes that it does not keep.
 */
export function safeSlots(owners: readonly Address[], modules: readonly Address[]): Hex[] {
  return [
    SINGLETON_SLOT,
    OWNER_COUNT_SLOT,
    THRESHOLD_SLOT,
    NONCE_SLOT,
    DOMAIN_SEPARATOR_SLOT,
    GUARD_SLOT,
    FALLBACK_HANDLER_SLOT,
    ...[SENTINEL, ...modules].map(moduleSlot),
    ...[SENTINEL, ...owners].map((owner) => slotOf(owner, slotAt(OWNERS_MAPPING_SLOT))),
  ];
}

/** Where a module is enabled: the slot holds what follows it in the list, and 0 where it is none. */
export function moduleSlot(module: Address): Hex {
  return slotOf(module, slotAt(MODULES_MAPPING_SLOT));
}

/** Where it is kept that an owner approved a transaction on chain: 1 where it did. */
export function approvedHashSlot(owner: Address, hash: Hex): Hex {
  const approvals = slotOf(owner, slotAt(APPROVED_HASHES_MAPPING_SLOT));
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [hash, approvals]));
}

function slotOf(key: Address, mapping: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [key, mapping]));
}

function slotAt(position: bigint): Hex {
  return numberToHex(position, { size: 32 });
}
