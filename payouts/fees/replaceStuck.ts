import type { PayoutEngine } from '../payoutEngine.ts';
import type { RecoveredLane } from '../relayer/recoveredLane.ts';

/** A transaction that was sent, and that blocks have passed over for long. */
export type StuckTransaction = { readonly id: string; readonly nonce: bigint };

/**
 * Raises the fees of transactions that wait for too long, on the same nonces.
 * @param stuck in the order of their nonces; the first holds up all that are behind it
 */
export async function replaceStuck(
  _engine: PayoutEngine,
  _lane: RecoveredLane,
  _stuck: readonly StuckTransaction[],
): Promise<void> {}
