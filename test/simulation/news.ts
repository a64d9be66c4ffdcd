import type { EventType } from '../../prisma/generated/database.ts';

/** What people hear of the log: they look when something was told, as clients do, and not all the time. */
export type News = {
  /** Of an event; of null when some may have been missed. */
  hear(type: string | null): void;
  /** How often a batch's status has changed, or may have: when it is another number than before, look. */
  batchMoves(): number;
};

const BATCH_MOVED: EventType = 'PAYOUT_BATCH_STATUS_CHANGED';

export function createNews(): News {
  let batchMoves = 0;
  return {
    hear: (type) => {
      if (type === null || type === BATCH_MOVED) batchMoves += 1;
    },
    batchMoves: () => batchMoves,
  };
}
