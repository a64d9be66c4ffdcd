import type { EventType } from '../../prisma/generated/database.ts';

/** What people hear of the log: they look when something was told, as clients do, and not all the time. */
export type News = {
  /** Of an event; of null when some may have been missed. */
  hear(type: string | null): void;
  /** How often a batch's status has changed, or may have: when it is another number than before, look. */
  batchMoves(): number;
  /** As that, of what may leave something to be signed. */
  approvalMoves(): number;
};

const BATCH_MOVED: ReadonlySet<string> = new Set<EventType>(['PAYOUT_BATCH_STATUS_CHANGED']);
const APPROVAL_MOVED: ReadonlySet<string> = new Set<EventType>([
  'APPROVAL_REQUESTED',
  'APPROVAL_STATUS_CHANGED',
]);

export function createNews(): News {
  let [batchMoves, approvalMoves] = [0, 0];
  return {
    hear: (type) => {
      if (type === null || BATCH_MOVED.has(type)) batchMoves += 1;
      if (type === null || APPROVAL_MOVED.has(type)) approvalMoves += 1;
    },
    batchMoves: () => batchMoves,
    approvalMoves: () => approvalMoves,
  };
}
