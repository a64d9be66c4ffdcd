import type { Address, Hex } from 'viem';
import { MAX_APPROVERS_PER_ACCOUNT } from '../../../core/limits.ts';
import type { SafeFault } from '../../../core/safeFaults.ts';
import { type PinnedContract, SAFE_DEPLOYMENT, SAFE_PROXY_CODE_HASH } from './safeDeployment.ts';

/** What stands at an address, read as the storage of a Safe's proxy. Addresses checksummed. */
export type SafeStorage = {
  /** keccak256 of the code at the address; null where there is none. */
  readonly codeHash: Hex | null;
  /** Slot 0: what the proxy delegates to. */
  readonly singleton: Address;
  readonly singletonCodeHash: Hex | null;
  /** As far as the list was followed. */
  readonly modules: readonly Address[];
  /** False: the list goes on where reading ended, or leads nowhere. */
  readonly hasAllModules: boolean;
  readonly guard: Address | null;
  readonly fallbackHandler: Address | null;
  readonly fallbackHandlerCodeHash: Hex | null;
};

/**
 * What a known Safe's storage holds: LISTED, what its lists show and nothing else; MORE, something besides; UNPROVEN, the
 * node did not say.
 */
export type SafeContents = 'LISTED' | 'MORE' | 'UNPROVEN';

const SINGLETONS: readonly (PinnedContract & { readonly version: string })[] = [
  { ...SAFE_DEPLOYMENT.singletonL2, version: '1.4.1' },
  { ...SAFE_DEPLOYMENT.singletonL1, version: '1.4.1' },
];

/** The Safe version whose pinned singleton, by address and code, the storage names; null for any other. */
export function safeVersionOf({ singleton, singletonCodeHash }: SafeStorage): string | null {
  const pinned = SINGLETONS.find(({ address }) => address === singleton);
  return pinned?.codeHash === singletonCodeHash ? (pinned?.version ?? null) : null;
}

/** Whether the code that runs at the address is a known Safe's: only then its storage and answers mean what they say. */
export function isKnownSafe(storage: SafeStorage): boolean {
  return storage.codeHash === SAFE_PROXY_CODE_HASH && safeVersionOf(storage) !== null;
}

/**
 * Why what stands at an address cannot be an account; empty when it can. Where the code is unknown nothing else is looked
 * at: what its storage holds could mean anything.
 * @param owners as the Safe answers; empty where it answers otherwise than a Safe
 * @param contents null where its lists do not allow to know them: they are too long, broken or empty, which is a fault
 */
export function findSafeFaults(
  address: Address,
  storage: SafeStorage,
  owners: readonly string[],
  contents: SafeContents | null,
): SafeFault[] {
  if (storage.codeHash === null) {
    return [{ code: 'NO_CODE', message: `No contract stands at ${address} on this chain.` }];
  }
  if (storage.codeHash !== SAFE_PROXY_CODE_HASH) {
    const message = `The contract at ${address} is not the proxy that the Safe factory makes.`;
    return [{ code: 'PROXY_UNKNOWN', message }];
  }
  if (safeVersionOf(storage) === null) {
    const message = `It runs the code of ${storage.singleton}, which is not a known Safe version (1.4.1).`;
    return [{ code: 'SINGLETON_UNKNOWN', message }];
  }
  return [
    ...ownerFaults(address, owners),
    ...moduleFaults(storage),
    ...callFaults(storage),
    ...contentFaults(address, contents),
  ];
}

/** Whether the lists of a known Safe are such that what else it holds can be asked for: whole, and within the limits. */
export function areListsWhole(storage: SafeStorage, owners: readonly string[]): boolean {
  return storage.hasAllModules && owners.length > 0 && owners.length <= MAX_APPROVERS_PER_ACCOUNT;
}

function ownerFaults(address: Address, owners: readonly string[]): SafeFault[] {
  if (owners.length === 0) {
    const message = `The Safe at ${address} has no owners: it was never set up, and anybody could still do it.`;
    return [{ code: 'NOT_SET_UP', message }];
  }
  if (owners.length <= MAX_APPROVERS_PER_ACCOUNT) return [];
  const message = `The Safe at ${address} has ${owners.length} owners; an account has at most ${MAX_APPROVERS_PER_ACCOUNT}.`;
  return [{ code: 'TOO_MANY_OWNERS', message }];
}

function moduleFaults({ modules, hasAllModules }: SafeStorage): SafeFault[] {
  const faults: SafeFault[] = modules.map((module) => ({
    code: 'MODULE_ENABLED',
    message: `The module ${module} can move the money without any owner’s signature. Disable it.`,
  }));
  if (hasAllModules) return faults;
  const last = modules.at(-1);
  const after = last === undefined ? '' : ` after ${last}`;
  return [...faults, { code: 'MODULES_UNREADABLE', message: `The list of modules does not end${after}.` }];
}

function callFaults({ guard, fallbackHandler, fallbackHandlerCodeHash }: SafeStorage): SafeFault[] {
  const faults: SafeFault[] = [];
  if (guard !== null) {
    const message = `The guard ${guard} decides which transactions are executed. Remove it.`;
    faults.push({ code: 'GUARD_SET', message });
  }
  const { address, codeHash } = SAFE_DEPLOYMENT.fallbackHandler;
  const isKnownHandler = fallbackHandler === address && fallbackHandlerCodeHash === codeHash;
  if (fallbackHandler !== null && !isKnownHandler) {
    const message = `The fallback handler ${fallbackHandler} is not Safe’s own (1.4.1). Set ${address}.`;
    faults.push({ code: 'FALLBACK_HANDLER_UNKNOWN', message });
  }
  return faults;
}

function contentFaults(address: Address, contents: SafeContents | null): SafeFault[] {
  if (contents === 'MORE') {
    const message = `The storage of the Safe at ${address} holds something that its lists do not show, such as a module or an owner hidden from them, who could move the money. A message signed on chain, or a transaction approved on chain by an owner that is a contract, cannot be told from it. Make a new Safe.`;
    return [{ code: 'STORAGE_UNKNOWN', message }];
  }
  if (contents !== 'UNPROVEN') return [];
  const message = `The chain’s node does not prove what the storage of the Safe at ${address} holds (eth_getProof). It is asked again; whoever runs this system can name another node.`;
  return [{ code: 'STORAGE_UNPROVEN', message }];
}
