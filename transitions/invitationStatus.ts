import type { Selectable, Updateable } from 'kysely';
import { InvariantError } from '../core/errors.ts';
import type { Role } from '../core/permissions.ts';
import type { UnitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { InvitationStatus, InvitationTable } from '../prisma/generated/database.ts';
import { sourcesOf, type TransitionTable } from './transitionTable.ts';

type Invitation = Pick<Selectable<InvitationTable>, 'id' | 'organizationId' | 'displayName' | 'roles'>;

/** An invitation's life: it ends once. That its time is over is told from its deadline, and never written. */
export const INVITATION_TRANSITIONS: TransitionTable<InvitationStatus> = {
  PENDING: ['ACCEPTED', 'REVOKED'],
  ACCEPTED: [],
  REVOKED: [],
};

/** The invitation made this person a member. Whoever calls this tells the log of the member. @throws InvariantError */
export function acceptInvitation(
  database: DatabaseTransaction,
  invitation: Invitation,
  acceptedByUserId: string,
): Promise<void> {
  return changeInvitationStatus(database, invitation, 'ACCEPTED', { acceptedByUserId });
}

/** Takes a pending invitation back and tells the log. @throws InvariantError */
export async function revokeInvitation(
  work: UnitOfWork,
  invitation: Invitation,
  byUserId: string,
): Promise<void> {
  await changeInvitationStatus(work.database, invitation, 'REVOKED', {});
  work.record({
    organizationId: invitation.organizationId,
    type: 'INVITATION_REVOKED',
    subjectId: invitation.id,
    payload: { byUserId, displayName: invitation.displayName, roles: invitation.roles as Role[] },
  });
}

async function changeInvitationStatus(
  database: DatabaseTransaction,
  { id }: Invitation,
  to: InvitationStatus,
  patch: Updateable<InvitationTable>,
): Promise<void> {
  const changed = await database
    .updateTable('invitation')
    .set({ ...patch, status: to })
    .where('id', '=', id)
    .where('status', 'in', sourcesOf(INVITATION_TRANSITIONS, to))
    .executeTakeFirst();
  if (changed.numUpdatedRows !== 1n) {
    throw new InvariantError('An invitation cannot change so', { invitationId: id, to });
  }
}
