import { type Selectable, sql } from 'kysely';
import type { Queryable } from '../../prisma/database.ts';
import type { InvitationTable, InvitationStatus as StoredStatus } from '../../prisma/generated/database.ts';

export type InvitationStatus = StoredStatus | 'EXPIRED';

/** An invitation as it stands now, without what only its holder knows. */
export type InvitationRow = Omit<Selectable<InvitationTable>, 'secretHash' | 'status'> & {
  status: InvitationStatus;
};

/** On `invitation`: EXPIRED where it waits and its time is over. */
export const INVITATION_STATUS = sql<InvitationStatus>`case
  when invitation.status = 'PENDING' and invitation.expires_at <= now() then 'EXPIRED'
  else invitation.status::text end`;

/** A query of invitations, to be narrowed by whoever asks. */
export function selectInvitations(database: Queryable) {
  return database
    .selectFrom('invitation')
    .select([
      'invitation.id',
      'invitation.organizationId',
      'invitation.displayName',
      'invitation.roles',
      'invitation.address',
      'invitation.invitedByUserId',
      'invitation.acceptedByUserId',
      'invitation.createdAt',
      'invitation.expiresAt',
      INVITATION_STATUS.as('status'),
    ]);
}
