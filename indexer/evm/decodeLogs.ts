import {
  type Address,
  decodeEventLog,
  erc20Abi,
  getAddress,
  type Hash,
  type Hex,
  parseAbi,
  toEventSelector,
} from 'viem';
import type { EvmLog } from '../../chains/evm/client/readLogs.ts';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from '../../contracts/abi/payoutVaultFactory.ts';

/**
 * Safe: everything that moves its nonce, its owners or its threshold, what tells of other code that runs with its rights
 * (a module's transaction may write to any slot; ChangedMasterCopy is of versions before 1.3), and its birth.
 */
const safeEvents = parseAbi([
  'event SafeSetup(address indexed initiator, address[] owners, uint256 threshold, address initializer, address fallbackHandler)',
  'event ExecutionSuccess(bytes32 indexed txHash, uint256 payment)',
  'event ExecutionFailure(bytes32 indexed txHash, uint256 payment)',
  'event AddedOwner(address indexed owner)',
  'event RemovedOwner(address indexed owner)',
  'event ChangedThreshold(uint256 threshold)',
  'event EnabledModule(address indexed module)',
  'event DisabledModule(address indexed module)',
  'event ExecutionFromModuleSuccess(address indexed module)',
  'event ChangedGuard(address indexed guard)',
  'event ChangedFallbackHandler(address indexed handler)',
  'event ChangedMasterCopy(address singleton)',
]);

const proxyFactoryEvents = parseAbi(['event ProxyCreation(address indexed proxy, address singleton)']);

const abi = [
  ...payoutVaultFactoryAbi.filter((item) => item.type === 'event'),
  ...payoutVaultAbi.filter((item) => item.type === 'event'),
  ...safeEvents,
  ...proxyFactoryEvents,
];

/** First topics of every event that is read regardless of who emitted it. */
export const WATCHED_TOPICS: readonly Hash[] = abi.map((event) => toEventSelector(event));

const SAFE_TOPICS: readonly Hash[] = safeEvents.map((event) => toEventSelector(event));

export const TRANSFER_TOPIC: Hash = toEventSelector(
  'event Transfer(address indexed, address indexed, uint256)',
);

/** What a vault was opened with. `batchId` as on chain. */
export type OpenedWith = {
  readonly batchId: Hex;
  readonly token: Address;
  readonly total: bigint;
  readonly root: Hex;
  readonly chunkCount: number;
  readonly gasPerPayout: number;
  readonly openBy: bigint;
  readonly closeAfter: bigint;
};

type DecodedEvent =
  | {
      readonly kind: 'BATCH_OPENED';
      readonly payer: Address;
      readonly vault: Address;
      readonly params: OpenedWith;
    }
  | { readonly kind: 'CHUNK_EXECUTED'; readonly chunkIndex: number; readonly owed: bigint }
  | { readonly kind: 'PAYOUTS_RETRIED'; readonly chunkIndex: number; readonly delivered: bigint }
  | { readonly kind: 'VAULT_CLOSED' }
  | { readonly kind: 'SAFE_EXECUTED'; readonly digest: Hex }
  | { readonly kind: 'SAFE_CHANGED' }
  | { readonly kind: 'SAFE_CREATED'; readonly safe: Address };

/** A log that could be one of ours: who emitted it (checksummed) has not been looked at. */
export type DecodedLog = DecodedEvent & {
  readonly emitter: Address;
  readonly transactionHash: Hash;
  readonly logIndex: number;
};

/** An ERC-20 transfer. Addresses checksummed. */
export type DecodedTransfer = {
  readonly token: Address;
  readonly from: Address;
  readonly to: Address;
  readonly units: bigint;
  readonly transactionHash: Hash;
  readonly logIndex: number;
};

/** Reads the watched events; what has their topic but not their form belongs to another contract and is left out. */
export function decodeLogs(logs: readonly EvmLog[]): DecodedLog[] {
  return logs.flatMap((log) => {
    const event = decode(log);
    return event === null ? [] : [{ ...event, ...placeOf(log) }];
  });
}

/** Reads ERC-20 transfers; an ERC-721's, which has a fourth topic, is left out. */
export function decodeTransfers(logs: readonly EvmLog[]): DecodedTransfer[] {
  return logs.flatMap((log) => {
    try {
      const { args } = decodeEventLog({ abi: erc20Abi, eventName: 'Transfer', ...encodedOf(log) });
      const { emitter, ...place } = placeOf(log);
      return [{ token: emitter, from: args.from, to: args.to, units: args.value, ...place }];
    } catch {
      return [];
    }
  });
}

function decode(log: EvmLog): DecodedEvent | null {
  let event: ReturnType<typeof decodeWatched>;
  try {
    event = decodeWatched(log);
  } catch {
    // An older Safe indexes other fields: that it changed is all that must be known.
    const [topic] = log.topics;
    return topic !== undefined && SAFE_TOPICS.includes(topic) ? { kind: 'SAFE_CHANGED' } : null;
  }
  switch (event.eventName) {
    case 'BatchOpened':
      return {
        kind: 'BATCH_OPENED',
        payer: event.args.payer,
        vault: event.args.vault,
        params: event.args.params,
      };
    case 'ChunkExecuted':
      return { kind: 'CHUNK_EXECUTED', chunkIndex: Number(event.args.chunkIndex), owed: event.args.owed };
    case 'PayoutsRetried':
      return {
        kind: 'PAYOUTS_RETRIED',
        chunkIndex: Number(event.args.chunkIndex),
        delivered: event.args.delivered,
      };
    case 'VaultClosed':
      return { kind: 'VAULT_CLOSED' };
    case 'ExecutionSuccess':
      return { kind: 'SAFE_EXECUTED', digest: event.args.txHash };
    case 'ProxyCreation':
      return { kind: 'SAFE_CREATED', safe: event.args.proxy };
    default:
      return { kind: 'SAFE_CHANGED' };
  }
}

function decodeWatched(log: EvmLog) {
  return decodeEventLog({ abi, ...encodedOf(log) });
}

function encodedOf(log: EvmLog) {
  return { topics: [...log.topics] as [Hash, ...Hash[]], data: log.data };
}

function placeOf(log: EvmLog) {
  return {
    emitter: getAddress(log.address),
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
  };
}
