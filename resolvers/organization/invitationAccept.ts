import { sql } from 'kysely';
import { getAddress } from 'viem';
import { refuse } from '../../core/errors.ts';
import { MAX_MEMBERS_PER_ORGANIZATION } from '../../core/limits.ts';
import type { Role } from '../../core/permissions.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { acceptInvitation } from '../../transitions/invitationStatus.ts';
import { requireViewer } from '../authorize.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireDisplayName } from '../requireName.ts';
import { shortAddress } from '../session/findOrCreateSigner.ts';
import { hashInvitationSecret } from './invitationSecret.ts';
import { listAddresses } from './listAddresses.ts';
import { findMember, lockMembership } from './lockMembers.ts';
import { type InvitationRow, selectInvitations } from './selectInvitations.ts';

export const INVITATION_ACCEPT_FAULTS = {
  NOT_FOUND: 'No invitation has this secret.',
  INVITATION_NOT_PENDING: 'The invitation was accepted or revoked before.',
  INVITATION_EXPIRED: 'The time to accept the invitation is over.',
  WALLET_NOT_INVITED: 'The invitation is for a wallet that is not the viewer’s.',
  ALREADY_MEMBER: 'The viewer is a member of the organization already.',
  TOO_MANY_MEMBERS: 'The organization has as many members as it can have.',
  DISPLAY_NAME_INVALID:
    'The name is blank or too long, or holds characters that cannot be shown in one line.',
} as const;

export type InvitationAcceptInput = {
  secret: string;
  /** What the viewer wants to be called; null: as they are, or as the invitation says where they have no name yet. */
  displayName: string | null;
};

/**
 * Makes the viewer a member with the invitation's roles, once. Needs a session and the secret. Accepting again what one
 * accepted changes nothing.
 * @throws UserFaultsError with a code of INVITATION_ACCEPT_FAULTS; UnauthenticatedError
 */
export async function invitationAccept(
  context: RequestContext,
  input: InvitationAcceptInput,
): Promise<{ organizationId: string; eventCursor: string | null }> {
  const { userId } = requireViewer(context);
  const displayName = input.displayName === null ? null : requireDisplayName(input.displayName);
  const secretHash = hashInvitationSecret(input.secret);
  const committed = await unitOfWork(context.log, async (work) => {
    const { database } = work;
    const invitation = await lockInvitation(database, secretHash);
    const { organizationId } = invitation;
    const isMember = (await findMember(database, organizationId, userId)) !== null;
    if (isMember && invitation.acceptedByUserId === userId) return organizationId;
    requirePending(invitation);
    const own = await listAddresses(database, userId);
    if (invitation.address !== null && !own.includes(invitation.address)) {
      refuse('WALLET_NOT_INVITED', `Sign in with ${invitation.address} to accept this invitation.`);
    }
    if (isMember) refuse('ALREADY_MEMBER', 'You are a member of this organization already.');
    await requireFewMembers(database, organizationId);
    const roles = invitation.roles as Role[];
    // Like a founder, who comes without having been named by a key shows their own.
    const addresses = invitation.address === null ? own : [invitation.address];
    await database.insertInto('membership').values({ organizationId, userId, roles, addresses }).execute();
    await acceptInvitation(database, invitation, userId);
    await rename(database, userId, displayName, { invitation, own });
    work.record({
      organizationId,
      type: 'MEMBER_JOINED',
      subjectId: userId,
      payload: {
        byUserId: userId,
        roles,
        invitationId: invitation.id,
        invitedByUserId: invitation.invitedByUserId,
      },
    });
    return organizationId;
  });
  return { organizationId: committed.value, eventCursor: committed.eventCursor(committed.value) };
}

/** The invitation as it is once nobody else can change it. */
async function lockInvitation(
  database: DatabaseTransaction,
  secretHash: Buffer | null,
): Promise<InvitationRow> {
  const query = selectInvitations(database).where('invitation.secretHash', '=', secretHash);
  const found = secretHash === null ? undefined : await query.executeTakeFirst();
  if (found === undefined) {
    return refuse('NOT_FOUND', 'No invitation has this secret.', ['input', 'secret']);
  }
  await lockMembership(database, found.organizationId);
  return query.executeTakeFirstOrThrow();
}

function requirePending({ status }: InvitationRow): void {
  if (status === 'PENDING') return;
  if (status === 'EXPIRED') {
    refuse('INVITATION_EXPIRED', 'The time to accept this invitation is over. Ask for another one.');
  }
  refuse(
    'INVITATION_NOT_PENDING',
    `This invitation was ${status.toLowerCase()} before. Ask for another one.`,
  );
}

async function requireFewMembers(database: DatabaseTransaction, organizationId: string): Promise<void> {
  const members = await database
    .selectFrom('membership')
    .select('userId')
    .where('organizationId', '=', organizationId)
    .limit(MAX_MEMBERS_PER_ORGANIZATION)
    .execute();
  if (members.length >= MAX_MEMBERS_PER_ORGANIZATION) {
    refuse('TOO_MANY_MEMBERS', `An organization has at most ${MAX_MEMBERS_PER_ORGANIZATION} members.`);
  }
}

/** The name that the person gives themself, or the invitation's instead of one that signing in made up. */
async function rename(
  database: DatabaseTransaction,
  userId: string,
  chosen: string | null,
  { invitation, own }: { invitation: InvitationRow; own: readonly string[] },
): Promise<void> {
  const update = database
    .updateTable('appUser')
    .set({ displayName: chosen ?? invitation.displayName })
    .where('id', '=', userId);
  const madeUp = own.map((address) => shortAddress(getAddress(address)));
  const hasNoName = sql<boolean>`app_user.display_name = any(${madeUp}::text[])`;
  await (chosen === null ? update.where(hasNoName) : update).execute();
}
