import type { TransferStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/** A transfer's life, block by block. REORGED: its block left the chain; back when that very block returns. */
export const TRANSFER_TRANSITIONS: TransitionTable<TransferStatus> = {
  INCLUDED: ['CONFIRMED', 'REORGED'],
  CONFIRMED: ['FINAL', 'REORGED'],
  FINAL: [],
  REORGED: ['INCLUDED'],
};

/** In a block that a reorg may still take. */
export const MATURING_TRANSFER_STATUSES = ['INCLUDED', 'CONFIRMED'] as const;
