import type { Phase } from '../kit/failpoints.ts';
import type { NodeFaultPlan } from '../kit/nodeFaults.ts';

/** What a plan may kill: a process, PostgreSQL, or no more than a connection (a commit whose outcome its asker never learns). */
export const VICTIMS = ['worker', 'indexer', 'api', 'postgres', 'connection'] as const;
export type Victim = (typeof VICTIMS)[number];
export const ROLES = ['worker', 'indexer', 'api'] as const;
export type Role = (typeof ROLES)[number];

/** The nodes of a chain, as the processes are told of them: all of them are ways to one real node. */
export const NODE_COUNT = 3;

/**
 * Everything a run does to the system, as data: the same plan disturbs the same places in every run, though races between
 * processes may end otherwise. Ticks are blocks mined since the accounts hold their money.
 */
export type Plan = {
  readonly seed: number;
  readonly relayerCount: number;
  /** Of one account each organization and more. */
  readonly accounts: readonly PlannedAccount[];
  readonly batches: readonly PlannedBatch[];
  readonly pauses: readonly PlannedPause[];
  readonly kills: readonly PlannedKill[];
  readonly chainFaults: readonly PlannedChainFault[];
  /** By process, then by node. */
  readonly nodeFaults: Readonly<Record<Role, readonly (NodeFaultPlan | null)[]>>;
  /** From this tick on nothing is disturbed any more. */
  readonly quietTick: number;
};

export type PlannedAccount = { readonly organization: number };

export type PlannedBatch = {
  readonly account: number;
  readonly rowCount: number;
  readonly submitTick: number;
  /** As a file that is uploaded, row by row in the mutation, or one row as a single payment. */
  readonly by: 'FILE' | 'ROWS' | 'SINGLE';
  /** Rows whose recipients the token refuses, until `unblockTick`. */
  readonly blockedRows: readonly number[];
  readonly unblockTick: number | null;
  /** When the payers ask to have it stopped, eagerly: whatever state it is in. */
  readonly cancelTick: number | null;
};

/** What the payers hold for a while: a batch, its account, or its organization's payouts on the chain. */
export type PlannedPause = {
  readonly scope: 'BATCH' | 'ACCOUNT' | 'CHAIN';
  readonly batch: number;
  readonly tick: number;
  readonly resumeTick: number;
};

/** A SIGKILL at what a process asks of PostgreSQL or of a node. */
export type PlannedKill = {
  readonly victim: Victim;
  /** Counted from the first start on; otherwise from when the accounts are funded. */
  readonly isEarly: boolean;
  /** Whose statement or call it is; the victim's own, where that is a process of ours. */
  readonly asker: Role;
  readonly at: StatementPoint | CallPoint;
  readonly phase: Phase;
};
/** Where a process may be killed: at statements or calls that contain a piece of text. */
export type KillPoint = { readonly role: Role; readonly via: 'SQL' | 'RPC'; readonly match: string };
/** The nth statement that contains a piece of text, its names with or without quotes. */
export type StatementPoint = { readonly via: 'SQL'; readonly match: string; readonly nth: number };
/** The nth call of a method by one of the nodes. */
export type CallPoint = {
  readonly via: 'RPC';
  readonly match: string;
  readonly nth: number;
  readonly node: number;
};

export type PlannedChainFault = { readonly tick: number } & (
  | { readonly kind: 'REORG'; readonly depth: number }
  | { readonly kind: 'FEE_SPIKE'; readonly baseFeeWei: string }
  | { readonly kind: 'PURGE' }
  /** No block comes for so long; or until the worker, having died meanwhile, has sent something. */
  | { readonly kind: 'STALL'; readonly ms: number; readonly until?: 'SENT_AGAIN' }
  /** The owners execute something of their own: it takes the nonce that an approval may have been for. */
  | { readonly kind: 'SAFE_NONCE'; readonly account: number }
  /** Somebody else has a relayer's key and takes the first nonce that no block has, from whatever waits for it. */
  | { readonly kind: 'KEY_USED'; readonly relayer: number }
  /** A stranger with the manifest executes a batch's chunks. */
  | { readonly kind: 'STRANGER_EXECUTES'; readonly batch: number }
  /** A stranger retries what executed chunks owe. */
  | { readonly kind: 'STRANGER_RETRIES'; readonly batch: number }
);
