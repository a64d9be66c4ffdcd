import { createHash } from 'node:crypto';
import type { NodeLie } from './nodeLies.ts';

/**
 * What happens to one call to a node. Faults of the connection take the whole HTTP request with them: all calls of its
 * batch that no earlier fault of the connection has taken already.
 */
export type NodeFault =
  | { kind: 'PASS' }
  /** Connection: never reaches the node; the connection breaks. */
  | { kind: 'DROP_BEFORE' }
  /** Connection: reaches the node; the answer is lost, the connection breaks. */
  | { kind: 'DROP_AFTER' }
  /** Connection: arrives so much later. */
  | { kind: 'DELAY'; ms: number }
  /**
   * Connection: held until the next request of this process has been answered, or `maxMs` have passed. Within a batch the
   * node sees the calls, and the client the answers, in reverse.
   */
  | { kind: 'REORDER'; maxMs: number }
  /** Connection: status 429 with Retry-After; never reaches the node. */
  | { kind: 'RATE_LIMIT'; retryAfterSeconds: number }
  /** Call: JSON-RPC error -32005; never reaches the node. */
  | { kind: 'LIMIT_EXCEEDED' }
  /** Call: reaches the node twice; the second answer is the one that is told ("already known"). */
  | { kind: 'DUPLICATE' }
  /** Call: the node does it; an internal error is answered. */
  | { kind: 'ERROR_AFTER' }
  /** Call: answered as of so many blocks ago. */
  | { kind: 'LAG'; blocks: number }
  /** Call: answered untruthfully, where the lie concerns the method. */
  | { kind: 'LIE'; lie: NodeLie };

/** How likely a fault is, for calls of these methods (none named: of all). */
export type NodeFaultRule = { methods?: readonly string[]; perMille: number; fault: NodeFault };

/** Data and nothing else: the same plan meets the nth call of a method with the same fault, in every run. */
export type NodeFaultPlan = {
  seed: string;
  /** The first that strikes is the fault. */
  rules: readonly NodeFaultRule[];
  /** All the time, besides: 0 or absent for a node that is up to date. */
  lagBlocks?: number;
};

/** The fault that the plan has for the nth call (from 1) of a method. Not by a common stream: calls race each other. */
export function drawNodeFault(plan: NodeFaultPlan, method: string, nth: number): NodeFault {
  for (const [index, rule] of plan.rules.entries()) {
    if (rule.methods !== undefined && !rule.methods.includes(method)) continue;
    const digest = createHash('sha256').update(`${plan.seed}\n${index}\n${method}\n${nth}`).digest();
    if (digest.readUInt32BE() % 1000 < rule.perMille) return rule.fault;
  }
  return plan.lagBlocks ? { kind: 'LAG', blocks: plan.lagBlocks } : { kind: 'PASS' };
}
