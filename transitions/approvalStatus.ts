import type { Selectable, Updateable } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { ApprovalStatus, ApprovalTable } from '../prisma/generated/database.ts';
import { sourcesOf, type TransitionTable } from './transitionTable.ts';

export type ApprovalRow = Selectable<ApprovalTable>;

/**
 * An approval's life. The chain has the last word: owners may execute what was rejected or cancelled here. STALE: its
 * nonce was used by something else, or it moved up to a nonce that became free; another approval replaces it.
 */
export const APPROVAL_TRANSITIONS: TransitionTable<ApprovalStatus> = {
  PENDING: ['APPROVED', 'REJECTED', 'STALE', 'EXPIRED', 'CANCELLED', 'EXECUTED'],
  // Back when an owner who had signed is one no more.
  APPROVED: ['PENDING', 'STALE', 'EXPIRED', 'CANCELLED', 'EXECUTED'],
  REJECTED: ['EXECUTED'],
  CANCELLED: ['EXECUTED'],
  STALE: ['EXECUTED'],
  EXPIRED: [],
  // Back when a reorg takes its block.
  EXECUTED: ['APPROVED', 'PENDING', 'STALE'],
};

/** Statuses in which an approval holds its nonce. */
export const LIVE_APPROVAL_STATUSES = ['PENDING', 'APPROVED'] as const;

/** Whether an approval still waits for what it asks for. */
export function isLiveApproval({ status }: Pick<ApprovalRow, 'status'>): boolean {
  return LIVE_APPROVAL_STATUSES.some((live) => live === status);
}

/**
 * Moves an approval to another status and tells the log.
 * @throws InvariantError when the table does not allow it
 */
export async function changeApprovalStatus(
  work: UnitOfWork,
  approval: ApprovalRow,
  to: ApprovalStatus,
  patch: Updateable<ApprovalTable> = {},
): Promise<ApprovalRow> {
  const changed = await work.database
    .updateTable('approval')
    .set({ ...patch, status: to })
    .where('id', '=', approval.id)
    .where('status', 'in', sourcesOf(APPROVAL_TRANSITIONS, to))
    .returningAll()
    .executeTakeFirst();
  if (changed === undefined) {
    throw new InvariantError('An approval cannot change so', {
      approvalId: approval.id,
      from: approval.status,
      to,
    });
  }
  work.record({
    organizationId: changed.organizationId,
    type: 'APPROVAL_STATUS_CHANGED',
    subjectId: changed.id,
    payload: { payoutBatchId: changed.batchId, previousStatus: approval.status, status: to },
  });
  return changed;
}
