import type { PayoutStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/** Statuses of a row that differs from its chunk. */
export type PayoutExceptionStatus = Exclude<PayoutStatus, 'PENDING' | 'SUBMITTED'>;

/**
 * Such a row's life. UNDELIVERED: owed by the vault. From INCLUDED on a retry has delivered it. FAILED: the vault is
 * closed in a final block. It ceases to exist when a reorg takes its chunk's block.
 */
export const PAYOUT_EXCEPTION_TRANSITIONS: TransitionTable<PayoutExceptionStatus> = {
  UNDELIVERED: ['INCLUDED', 'FAILED'],
  INCLUDED: ['CONFIRMED', 'UNDELIVERED'],
  CONFIRMED: ['FINAL', 'UNDELIVERED'],
  FINAL: [],
  FAILED: [],
};

/** Delivered by a retry, in a block that a reorg may still take. */
export const MATURING_EXCEPTION_STATUSES = ['INCLUDED', 'CONFIRMED'] as const;
