import type { TransactionStatus } from '../prisma/generated/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';

/** Signed, and no node is known to have it: its worker has ended, is about to send it, or every node turned it away. */
export const SEND_AGAIN_AFTER_SIGNING_MS = 2_000;
/** Sent, and no block seen with it: the node may have dropped it. */
export const SEND_AGAIN_AFTER_SENDING_MS = 10_000;
/** A node says that its nonce is used, and the indexer has not said by what: that node may lie, or lose the block. */
export const SEND_AGAIN_USED_NONCE_MS = 60_000;

/**
 * What recovery does with a transaction. SEND: the same bytes once more. RAISE_FEE: it was sent, and waits; whether its
 * fees are why, and it is signed again on its nonce, is judged by blocks (fees/findStuck.ts). LET_GO: a final block gave
 * its nonce to another, unless a receipt says otherwise. WAIT: nothing.
 */
export type NextStep = 'SEND' | 'RAISE_FEE' | 'LET_GO' | 'WAIT';

/** A stored transaction, as the database has it. */
export type RecoveredTransaction = {
  readonly status: TransactionStatus;
  readonly nonce: bigint;
  readonly signedMsAgo: number;
  /** Null when no attempt to send it is noted. */
  readonly sentMsAgo: number | null;
};

/** How far its relayer has come. */
export type LaneProgress = {
  /** The nonce after the last included transaction. */
  readonly includedNonce: bigint;
  /** The same in the newest final block, as two nodes say; null when nobody was asked. */
  readonly finalNonce: bigint | null;
  /** Whether this process can sign with the key. */
  readonly holdsKey: boolean;
  /** False at a start: whatever is unsettled is sent at once. */
  readonly patient: boolean;
};

const UNSETTLED: ReadonlySet<TransactionStatus> = new Set(UNSETTLED_TRANSACTION_STATUSES);

/**
 * The next step for a transaction, from what is stored and how far the lane is. No step concludes anything from time alone:
 * time only says when to send again or to ask about fees, and both leave what was signed in force.
 */
export function nextStep(transaction: RecoveredTransaction, lane: LaneProgress): NextStep {
  const { status, nonce, signedMsAgo, sentMsAgo } = transaction;
  // A block has decided about it.
  if (!UNSETTLED.has(status)) return 'WAIT';
  if (lane.finalNonce !== null && nonce < lane.finalNonce) return 'LET_GO';
  const sendAgainAfter = !lane.patient ? 0 : sendAgainAfterMs(transaction, lane);
  if ((sentMsAgo ?? signedMsAgo) >= sendAgainAfter) return 'SEND';
  return lane.holdsKey && sentMsAgo !== null && nonce >= lane.includedNonce ? 'RAISE_FEE' : 'WAIT';
}

function sendAgainAfterMs(
  { status, nonce }: RecoveredTransaction,
  { includedNonce }: Pick<LaneProgress, 'includedNonce'>,
): number {
  if (nonce < includedNonce) return SEND_AGAIN_USED_NONCE_MS;
  return status === 'SIGNED' ? SEND_AGAIN_AFTER_SIGNING_MS : SEND_AGAIN_AFTER_SENDING_MS;
}
