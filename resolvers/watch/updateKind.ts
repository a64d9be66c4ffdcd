import type { EventType } from '../../prisma/generated/database.ts';

export const UPDATE_KINDS = ['SNAPSHOT', 'CHANGED', 'REORGED'] as const;
/** SNAPSHOT: the state when the subscription began. REORGED: a reorg took something back. */
export type UpdateKind = (typeof UPDATE_KINDS)[number];

/** What kind of update an entry of the log is to who watches its subject. */
export function updateKind(type: EventType): UpdateKind {
  return type === 'PAYOUTS_REORGED' || type === 'TRANSFER_REORGED' ? 'REORGED' : 'CHANGED';
}
