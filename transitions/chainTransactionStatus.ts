import type { TransactionStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/**
 * A transaction's life. SIGNED: its bytes are committed. BROADCAST: sent at least once, outcome unknown; also where a
 * reorg puts what it took out of the chain. REVERTED: included, and the chain undid its effects.
 */
export const CHAIN_TRANSACTION_TRANSITIONS: TransitionTable<TransactionStatus> = {
  SIGNED: ['BROADCAST', 'INCLUDED', 'REVERTED', 'REPLACED'],
  BROADCAST: ['INCLUDED', 'REVERTED', 'REPLACED'],
  INCLUDED: ['CONFIRMED', 'FINAL', 'BROADCAST'],
  CONFIRMED: ['FINAL', 'BROADCAST'],
  REVERTED: ['BROADCAST'],
  // Another transaction took its nonce; a reorg may still decide otherwise.
  REPLACED: ['INCLUDED', 'REVERTED', 'BROADCAST'],
  FINAL: [],
};

/** Signed here, and no block has decided yet: a block may still include it, and it may be sent again. */
export const UNSETTLED_TRANSACTION_STATUSES = ['SIGNED', 'BROADCAST'] as const;

/** In a block that a reorg may still take. */
export const MATURING_TRANSACTION_STATUSES = ['INCLUDED', 'CONFIRMED'] as const;

/** It did something, or may still: none of the ends that came to nothing. */
export const LIVE_TRANSACTION_STATUSES = ['SIGNED', 'BROADCAST', 'INCLUDED', 'CONFIRMED'] as const;

/** It was given up by a block, or is final: what it has not done by now it does only if a reorg runs it again. */
export const ENDED_TRANSACTION_STATUSES = ['REVERTED', 'REPLACED', 'FINAL'] as const;

/** Of those, the ones that used their nonce: for nothing, where what they were for is still to be done. */
export const SPENT_TRANSACTION_STATUSES = ['REVERTED', 'FINAL'] as const;
