import type { LiveEvent } from '../../live/LiveProvider.tsx';

/** Batches reserve and release money; transfers move it. */
export function movesAccounts({ type }: LiveEvent): boolean {
  return type.startsWith('ACCOUNT') || type.startsWith('TRANSFER') || type === 'PAYOUT_BATCH_STATUS_CHANGED';
}
