import type { Fees } from '../../chains/evm/client/readFees.ts';
import type { SendRefusal, TransactionStatus } from '../../prisma/generated/database.ts';
import type { Market } from './feeArithmetic.ts';

/** So many blocks without the lane's first transaction, though it offers enough: they prefer others, or forgot it. */
export const PATIENCE_BLOCKS = 5n;
/** Before its fees are raised for that, it was sent so often with the same bytes: a node that forgot has it again. */
export const SENDS_BEFORE_RAISING = 3;

/**
 * BELOW_BASE_FEE: no block may take it. TURNED_AWAY: its nodes hold something dearer with its nonce. PASSED_OVER: see above.
 * ABOVE_NODE_CAP: it offers more than its nodes let anybody offer; that one is lowered.
 */
export type StuckReason = 'BELOW_BASE_FEE' | 'TURNED_AWAY' | 'PASSED_OVER' | 'ABOVE_NODE_CAP';

/**
 * What nodes turned away was offered to no block, so that none can have passed it over: except where the fees are what they
 * turned it away for.
 */
const RAISED_WHEN_REFUSED: ReadonlySet<SendRefusal> = new Set([
  'ALREADY_KNOWN',
  'UNDERPRICED',
  'REPLACEMENT_UNDERPRICED',
]);

/** A transaction of a lane that waits for a block. */
export type WaitingTransaction = {
  readonly id: string;
  readonly nonce: bigint;
  readonly status: TransactionStatus;
  readonly offered: Fees;
  /** Attempts to send it, whatever nodes answered. */
  readonly broadcastCount: number;
  /** Why nodes turned it away when it was sent last; null when one took it, or none answered. */
  readonly lastRefusal: SendRefusal | null;
  /** Whether it took the place of another. */
  readonly isReplacement: boolean;
};

export type StuckTransaction = { readonly transaction: WaitingTransaction; readonly reason: StuckReason };

/**
 * Which of a lane's waiting transactions need other fees. Only those that can be included next, one behind the other: what
 * stands behind a gap, or behind one that was not sent yet, does not wait for its fees.
 * @param waiting in the order of their nonces
 * @param headBlocks how many blocks passed since the first of them could be included
 */
export function findStuck(
  waiting: readonly WaitingTransaction[],
  includedNonce: bigint,
  market: Market,
  headBlocks: bigint,
): StuckTransaction[] {
  const [head] = waiting;
  const isPassedOver =
    head !== undefined && head.broadcastCount >= SENDS_BEFORE_RAISING && headBlocks >= PATIENCE_BLOCKS;
  const stuck: StuckTransaction[] = [];
  let nonce = includedNonce;
  for (const transaction of waiting) {
    if (transaction.nonce !== nonce || transaction.broadcastCount === 0) break;
    const reason = reasonOf(transaction, market, isPassedOver, transaction === head);
    if (reason !== null) stuck.push({ transaction, reason });
    nonce += 1n;
  }
  return stuck;
}

function reasonOf(
  { offered, status, isReplacement, lastRefusal }: WaitingTransaction,
  market: Market,
  isPassedOver: boolean,
  isHead: boolean,
): StuckReason | null {
  if (lastRefusal === 'FEE_CAP') return 'ABOVE_NODE_CAP';
  if (offered.maxFeePerGas < market.nextBaseFeePerGas) return 'BELOW_BASE_FEE';
  if (isReplacement && status === 'SIGNED' && lastRefusal === 'REPLACEMENT_UNDERPRICED') return 'TURNED_AWAY';
  if (lastRefusal !== null && !RAISED_WHEN_REFUSED.has(lastRefusal)) return null;
  // Those behind the first are raised with it where they offer less than a new one would.
  const isCheap = offered.maxPriorityFeePerGas < market.priorityFeePerGas;
  return isPassedOver && (isHead || isCheap) ? 'PASSED_OVER' : null;
}
