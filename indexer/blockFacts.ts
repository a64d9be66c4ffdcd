import type { SafeFault } from '../core/safeFaults.ts';

// What one block did to what this system knows: read outside of any transaction, written in one. Rows are named by their
// database ids, addresses are in their stored form, so that nothing here depends on a family of chains.

export type BlockHeader = {
  readonly number: bigint;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: Date;
};

/** A transaction of the block that is ours or did something below. */
export type TransactionFact = {
  readonly hash: string;
  readonly sender: string;
  readonly nonce: bigint;
  readonly succeeded: boolean;
  /** In the native asset's base units; null where nobody asked: other people's transactions. */
  readonly feeUnits: bigint | null;
  /** Whom it concerns, for a transaction that is not ours; null where it concerns several, or nobody here. */
  readonly organizationId: string | null;
  readonly accountId: string | null;
  readonly batchId: string | null;
};

/** A nonce of one of our relayer keys was used by the transaction of this hash. */
export type UsedNonce = { readonly sender: string; readonly nonce: bigint; readonly hash: string };

/** A batch's vault was opened. `asPlanned`: with the very parameters that the batch has here. */
export type OpeningFact = {
  readonly batchId: string;
  readonly transactionHash: string;
  readonly asPlanned: boolean;
};

/** A chunk was executed; bit i of `owed`: its row i was not delivered. */
export type ChunkFact = {
  readonly batchId: string;
  readonly chunkIndex: number;
  readonly owed: bigint;
  readonly transactionHash: string;
};

/** Owed rows were tried again; bit i of `delivered`: row i is paid now. */
export type RetryFact = {
  readonly batchId: string;
  readonly chunkIndex: number;
  readonly delivered: bigint;
  readonly transactionHash: string;
};

/** A batch's vault was closed. */
export type ClosingFact = { readonly batchId: string };

/** An account executed the transaction whose owners signed `digest`. */
export type ExecutionFact = {
  readonly accountId: string;
  readonly digest: string;
  readonly transactionHash: string;
};

export type TransferFact = {
  readonly organizationId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly direction: 'IN' | 'OUT';
  readonly counterparty: string;
  readonly units: bigint;
  readonly logIndex: number;
  readonly transactionHash: string;
};

/** An account as it stands on chain at the block. */
export type AccountFact = {
  readonly accountId: string;
  readonly owners: readonly string[];
  readonly threshold: number;
  readonly safeNonce: bigint;
};

/** What an account's Safe is made of at the block, as its storage says. */
export type InspectionFact = {
  readonly accountId: string;
  readonly singleton: string;
  readonly version: string | null;
  /** Empty where the code that runs there is unknown. */
  readonly owners: readonly string[];
  readonly modules: readonly string[];
  readonly guard: string | null;
  readonly fallbackHandler: string | null;
  readonly faults: readonly SafeFault[];
};

export type BalanceFact = {
  readonly organizationId: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly units: bigint;
};

/** One account and one of its assets. */
export type BalanceKey = {
  readonly organizationId: string;
  readonly accountId: string;
  readonly assetId: string;
};

export type BlockFacts = {
  readonly header: BlockHeader;
  /** The newest block that is final once this one is the head; null while there is none. */
  readonly final: { readonly number: bigint; readonly hash: string | null } | null;
  readonly transactions: readonly TransactionFact[];
  readonly usedNonces: readonly UsedNonce[];
  readonly openings: readonly OpeningFact[];
  readonly chunks: readonly ChunkFact[];
  readonly retries: readonly RetryFact[];
  readonly closings: readonly ClosingFact[];
  readonly executions: readonly ExecutionFact[];
  readonly transfers: readonly TransferFact[];
  readonly accounts: readonly AccountFact[];
  readonly inspections: readonly InspectionFact[];
  readonly balances: readonly BalanceFact[];
  /** What changed but could not be read: the block is too far behind what nodes keep. Read again at the head. */
  readonly unknownAccountIds: readonly string[];
  readonly unknownBalances: readonly BalanceKey[];
};
