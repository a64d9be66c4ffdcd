import type { Address } from 'viem';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { unixSeconds } from '../../transitions/batchTerms.ts';
import type {
  ChunkFact,
  ClosingFact,
  ExecutionFact,
  OpeningFact,
  RetryFact,
  TransferFact,
} from '../blockFacts.ts';
import type { DecodedLog, DecodedTransfer, OpenedWith } from './decodeLogs.ts';
import type { TrackedAccount, TrackedAsset, TrackedBatch } from './trackedRows.ts';

/** Whose logs are believed. */
export type Tracked = {
  readonly factory: Address | null;
  readonly accounts: readonly TrackedAccount[];
  readonly assets: readonly TrackedAsset[];
  readonly batches: readonly TrackedBatch[];
};

/** What a transaction of the block touched: for saying whose it is. */
export type Touch = {
  readonly transactionHash: string;
  readonly organizationId: string;
  readonly accountId: string;
  readonly batchId: string | null;
};

export type AcceptedFacts = {
  openings: OpeningFact[];
  chunks: ChunkFact[];
  retries: RetryFact[];
  closings: ClosingFact[];
  executions: ExecutionFact[];
  transfers: TransferFact[];
  touches: Touch[];
  /** Accounts whose state must be read again. */
  changedAccounts: Map<string, TrackedAccount>;
  /** Balances that moved. */
  movedBalances: Map<string, { account: TrackedAccount; asset: TrackedAsset }>;
};

/** Addresses that may be vaults: only of these are batches looked up. */
export function possibleVaults(logs: readonly DecodedLog[]): Address[] {
  const vaults = logs.flatMap((log) => {
    if (log.kind === 'BATCH_OPENED') return [log.vault];
    const ofVault =
      log.kind === 'CHUNK_EXECUTED' || log.kind === 'PAYOUTS_RETRIED' || log.kind === 'VAULT_CLOSED';
    return ofVault ? [log.emitter] : [];
  });
  return [...new Set(vaults)];
}

/** Turns logs into facts. A log counts only when the contract that it is about emitted it. */
export function acceptLogs(
  logs: readonly DecodedLog[],
  transfers: readonly DecodedTransfer[],
  tracked: Tracked,
): AcceptedFacts {
  const facts: AcceptedFacts = {
    openings: [],
    chunks: [],
    retries: [],
    closings: [],
    executions: [],
    transfers: [],
    touches: [],
    changedAccounts: new Map(),
    movedBalances: new Map(),
  };
  // Several organizations may have adopted the same Safe.
  const accounts = Map.groupBy(tracked.accounts, (account) => account.address);
  const batches = new Map(tracked.batches.map((batch) => [batch.vaultAddress, batch]));
  for (const log of logs) {
    acceptVaultLog(facts, log, tracked.factory, batches);
    for (const account of accounts.get(log.kind === 'SAFE_CREATED' ? log.safe : log.emitter) ?? []) {
      acceptAccountLog(facts, log, account);
    }
  }
  const assets = new Map(tracked.assets.map((asset) => [asset.address, asset]));
  for (const transfer of transfers) acceptTransfer(facts, transfer, accounts, assets);
  return facts;
}

function acceptVaultLog(
  facts: AcceptedFacts,
  log: DecodedLog,
  factory: Address | null,
  batches: ReadonlyMap<Address, TrackedBatch>,
): void {
  const batch = batches.get(log.kind === 'BATCH_OPENED' ? log.vault : log.emitter);
  if (batch === undefined) return;
  const place = { batchId: batch.id, transactionHash: log.transactionHash };
  switch (log.kind) {
    case 'BATCH_OPENED':
      if (log.emitter !== factory) return;
      facts.openings.push({ ...place, asPlanned: isAsPlanned(batch, log.payer, log.params) });
      break;
    case 'CHUNK_EXECUTED':
      facts.chunks.push({ ...place, chunkIndex: log.chunkIndex, owed: log.owed });
      break;
    case 'PAYOUTS_RETRIED':
      facts.retries.push({ ...place, chunkIndex: log.chunkIndex, delivered: log.delivered });
      break;
    case 'VAULT_CLOSED':
      facts.closings.push({ batchId: batch.id });
      break;
    default:
      return;
  }
  facts.touches.push({ ...place, organizationId: batch.organizationId, accountId: batch.accountId });
}

/** openBy is left out: a batch that was asked for again has another, and it binds nothing after the open. */
function isAsPlanned(batch: TrackedBatch, payer: Address, params: OpenedWith): boolean {
  return (
    payer === batch.accountAddress &&
    params.batchId === batchIdFromUuid(batch.id) &&
    params.token === batch.tokenAddress &&
    params.total === batch.totalUnits &&
    params.root === batch.merkleRoot &&
    params.chunkCount === batch.chunkCount &&
    params.gasPerPayout === batch.gasPerPayout &&
    batch.closeAfter !== null &&
    params.closeAfter === unixSeconds(batch.closeAfter)
  );
}

function acceptAccountLog(facts: AcceptedFacts, log: DecodedLog, account: TrackedAccount): void {
  if (log.kind !== 'SAFE_CREATED' && log.kind !== 'SAFE_EXECUTED' && log.kind !== 'SAFE_CHANGED') return;
  facts.changedAccounts.set(account.id, account);
  if (log.kind !== 'SAFE_EXECUTED') return;
  facts.executions.push({
    accountId: account.id,
    digest: log.digest,
    transactionHash: log.transactionHash,
  });
  facts.touches.push({
    transactionHash: log.transactionHash,
    organizationId: account.organizationId,
    accountId: account.id,
    batchId: null,
  });
}

function acceptTransfer(
  facts: AcceptedFacts,
  transfer: DecodedTransfer,
  accounts: ReadonlyMap<Address, readonly TrackedAccount[]>,
  assets: ReadonlyMap<Address, TrackedAsset>,
): void {
  const asset = assets.get(transfer.token);
  // A transfer of nothing moves nothing; anybody may emit it in anybody's name, and address poisoning does.
  if (asset === undefined || transfer.units === 0n) return;
  const sides = [
    ...sidesOf(accounts.get(transfer.from), 'OUT', transfer.to),
    ...sidesOf(accounts.get(transfer.to), 'IN', transfer.from),
  ];
  for (const { account, direction, counterparty } of sides) {
    const { id: accountId, organizationId } = account;
    const { units, logIndex, transactionHash } = transfer;
    const place = { organizationId, accountId, transactionHash };
    facts.transfers.push({ ...place, assetId: asset.id, direction, counterparty, units, logIndex });
    facts.touches.push({ ...place, batchId: null });
    facts.movedBalances.set(`${accountId}:${asset.id}`, { account, asset });
  }
}

function sidesOf(
  accounts: readonly TrackedAccount[] | undefined,
  direction: TransferFact['direction'],
  counterparty: Address,
) {
  return (accounts ?? []).map((account) => ({ account, direction, counterparty }));
}
