import type { LiveEvent } from '../../live/LiveProvider.tsx';

/** Batches reserve and release money; transfers move it; pauses hold it. */
export function movesAccounts({ type }: LiveEvent): boolean {
  return (
    ['ACCOUNT', 'TRANSFER', 'CHAIN'].some((subject) => type.startsWith(subject)) ||
    type === 'PAYOUT_BATCH_STATUS_CHANGED'
  );
}
