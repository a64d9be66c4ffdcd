import type { Hex } from 'viem';
import type { Failpoint, Hook, Match, Phase } from './failpoints.ts';
import type { NodeFault, NodeFaultPlan } from './nodeFaults.ts';

/** One JSON-RPC call of one client process. */
export type NodeCall = {
  readonly method: string;
  readonly params: readonly unknown[];
  /** 1 for the first call of the process, over all methods. */
  readonly number: number;
  /** 1 for the first call of this method. */
  readonly nth: number;
};

/** A transaction that a client process asked a node to take. */
export type SentTransaction = {
  /** keccak256 of the bytes. */
  readonly hash: Hex;
  readonly rawTransaction: Hex;
  /** As the proxy was told by whom it is used. */
  readonly process: string;
  readonly node: string;
  /** When it arrived here, ms since 1970. */
  readonly at: number;
  /** What was done with it. */
  readonly fault: NodeFault['kind'];
};

/** A way of one client process to a real node, over HTTP and WebSocket, which sees every call and can disturb it. */
export type NodeProxy = {
  readonly rpcUrl: string;
  readonly wsUrl: string;
  /** What disturbs from now on; null: nothing. The counting of calls goes on. */
  setPlan(plan: NodeFaultPlan | null): void;
  /** The next `times` calls of a method meet this, whatever the plan has. */
  force(method: string, fault: NodeFault, times?: number): void;
  /** Calls `hook` once, at the nth call from now on whose method matches. */
  onRequest(match: Match, nth: number, phase: Phase, hook: Hook<NodeCall>): Failpoint<NodeCall>;
  callCount(): number;
  callCounts(): ReadonlyMap<string, number>;
  /** How often each kind of fault has struck so far. */
  faultCounts(): ReadonlyMap<NodeFault['kind'], number>;
  /** Every transaction that the process sent this way, in order. */
  sent(): readonly SentTransaction[];
  /** Breaks every connection; new ones are taken. @returns how many were broken */
  cut(): number;
  /** Breaks every connection and refuses new ones, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  stop(): Promise<void>;
};

export type NodeProxyOptions = {
  /** Names the process and the node in what is recorded. */
  process: string;
  node: string;
  /** Told of each transaction before it is passed on, and awaited: whether its bytes are committed by now can be asked. */
  onSend?: (sent: SentTransaction) => void | Promise<void>;
};

/** Starts a proxy for one client process. @param target where the real node is, HTTP and WebSocket on one port */
export type StartNodeProxy = (target: string, options: NodeProxyOptions) => Promise<NodeProxy>;

export const startNodeProxy: StartNodeProxy = () => {
  throw new Error('Not yet.');
};
