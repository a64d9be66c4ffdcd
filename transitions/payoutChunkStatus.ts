import type { PayoutStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/** A chunk's statuses; UNDELIVERED and FAILED are single rows' own, in payout_exception. */
export type PayoutChunkStatus = Exclude<PayoutStatus, 'UNDELIVERED' | 'FAILED'>;

/** A chunk's life. It goes back only when a reorg takes its block, or when its transaction ended without executing it. */
export const PAYOUT_CHUNK_TRANSITIONS: TransitionTable<PayoutChunkStatus> = {
  PENDING: ['SUBMITTED', 'INCLUDED'],
  SUBMITTED: ['PENDING', 'INCLUDED'],
  INCLUDED: ['CONFIRMED', 'FINAL', 'SUBMITTED', 'PENDING'],
  CONFIRMED: ['FINAL', 'SUBMITTED', 'PENDING'],
  FINAL: [],
};

/** In a block that a reorg may still take. */
export const MATURING_CHUNK_STATUSES = ['INCLUDED', 'CONFIRMED'] as const;

/** Not executed, as far as blocks tell. */
export const UNEXECUTED_CHUNK_STATUSES = ['PENDING', 'SUBMITTED'] as const;
