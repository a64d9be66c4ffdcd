import type { AccountStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/**
 * An account's life. ACTIVE: its contract stands on chain; OPENING again when a reorg takes it away. REFUSED: what was
 * to be adopted is no Safe that can be; OPENING again when a reorg takes the block that said so.
 */
export const ACCOUNT_TRANSITIONS: TransitionTable<AccountStatus> = {
  OPENING: ['ACTIVE', 'REFUSED'],
  ACTIVE: ['OPENING', 'CLOSED'],
  CLOSED: [],
  REFUSED: ['OPENING'],
};
