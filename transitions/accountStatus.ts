import type { AccountStatus } from '../prisma/generated/database.ts';
import type { TransitionTable } from './transitionTable.ts';

/** An account's life. ACTIVE: its contract stands on chain; OPENING again when a reorg takes it away. */
export const ACCOUNT_TRANSITIONS: TransitionTable<AccountStatus> = {
  OPENING: ['ACTIVE'],
  ACTIVE: ['OPENING', 'CLOSED'],
  CLOSED: [],
};
