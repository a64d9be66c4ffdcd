import { refuse, required } from '../../core/errors.ts';
import { MAX_MEMBERS_PER_ORGANIZATION } from '../../core/limits.ts';
import type { Role } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { authorize } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { checkIdempotencyKey, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireEvmAddress } from '../requireEvmAddress.ts';
import { requireDisplayName } from '../requireName.ts';
import { hashInvitationSecret, newInvitationSecret } from './invitationSecret.ts';
import { lockMembers } from './lockMembers.ts';
import { requireOwnerForApprovers, requireOwnerForOwners, requireRoles } from './roleRules.ts';

/** How long an invitation waits to be accepted. */
export const INVITATION_LIFETIME_SECONDS = 7 * 24 * 3600;
export const MAX_PENDING_INVITATIONS_PER_ORGANIZATION = 100;

export const MEMBER_INVITE_FAULTS = {
  NOT_FOUND: 'The organization was not found.',
  DISPLAY_NAME_INVALID:
    'The name is blank or too long, or holds characters that cannot be shown in one line.',
  ADDRESS_INVALID: 'The address is not an EVM address, or its checksum (EIP-55) is wrong.',
  ROLES_EMPTY: 'The invitation names no role.',
  OWNER_REQUIRED: 'Only an OWNER makes an OWNER.',
  DUTIES_SEPARATED: 'Duties are separated: only an OWNER makes an APPROVER.',
  ALREADY_MEMBER: 'The organization knows a member by this address already.',
  TOO_MANY_INVITATIONS: 'The organization has as many pending invitations as it can have.',
  TOO_MANY_MEMBERS: 'The organization has as many members as it can have.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type MemberInviteInput = {
  organizationId: string;
  /** What the person is called until they say. */
  displayName: string;
  roles: readonly Role[];
  /** The wallet that may accept; null: whoever holds the secret. */
  address: string | null;
  idempotencyKey: string;
};

/**
 * Invites somebody to an organization. Needs MEMBERS_MANAGE; only an OWNER invites an OWNER, and an APPROVER where
 * duties are separated.
 * @returns the secret with which the invitation is accepted, in the answer to the first request alone: it is not stored
 * @throws UserFaultsError with a code of MEMBER_INVITE_FAULTS; NotFoundError, ForbiddenError, UnauthenticatedError
 */
export async function memberInvite(
  context: RequestContext,
  input: MemberInviteInput,
): Promise<{ invitationId: string; secret: string | null; replayed: boolean; eventCursor: string | null }> {
  const { organizationId } = input;
  const what = 'The organization';
  await authorize(context, context.log.database, organizationId, 'MEMBERS_MANAGE', what);
  checkIdempotencyKey(input.idempotencyKey);
  const displayName = requireDisplayName(input.displayName);
  const roles = requireRoles(input.roles);
  const address = input.address === null ? null : requireEvmAddress(input.address);
  const request = {
    scopeId: organizationId,
    operation: 'memberInvite',
    key: input.idempotencyKey,
    inputHash: hashInput([displayName, roles.join(), address ?? '']),
  };
  const secret = newInvitationSecret();
  const created = await createOnce(context, request, async (work, id) => {
    const { database } = work;
    const { viewer, viewerRoles } = await lockMembers(
      context,
      database,
      organizationId,
      'MEMBERS_MANAGE',
      what,
    );
    const path = ['input', 'roles'];
    requireOwnerForOwners(viewerRoles, [], roles, path);
    await requireOwnerForApprovers(database, organizationId, viewerRoles, roles, path);
    await requireRoom(database, organizationId, address);
    const createdAt = new Date();
    await database
      .insertInto('invitation')
      .values({
        id,
        organizationId,
        displayName,
        roles,
        address,
        secretHash: required(hashInvitationSecret(secret), 'The hash of a new secret'),
        status: 'PENDING',
        invitedByUserId: viewer.userId,
        createdAt,
        expiresAt: new Date(createdAt.getTime() + INVITATION_LIFETIME_SECONDS * 1000),
      })
      .execute();
    work.record({
      organizationId,
      type: 'MEMBER_INVITED',
      subjectId: id,
      payload: { byUserId: viewer.userId, displayName, roles },
    });
  });
  return {
    invitationId: created.objectId,
    secret: created.replayed ? null : secret,
    replayed: created.replayed,
    eventCursor: created.eventCursor(organizationId),
  };
}

/** Looks at the keys by which the organization knows its members alone: an invitation finds out no others. */
async function requireRoom(
  database: DatabaseTransaction,
  organizationId: string,
  address: string | null,
): Promise<void> {
  const members = await database
    .selectFrom('membership')
    .select('addresses')
    .where('organizationId', '=', organizationId)
    .execute();
  if (address !== null && members.some(({ addresses }) => addresses.includes(address))) {
    refuse('ALREADY_MEMBER', `The owner of ${address} is a member already. Change their roles.`, [
      'input',
      'address',
    ]);
  }
  if (members.length >= MAX_MEMBERS_PER_ORGANIZATION) {
    refuse('TOO_MANY_MEMBERS', `An organization has at most ${MAX_MEMBERS_PER_ORGANIZATION} members.`);
  }
  const pending = await database
    .selectFrom('invitation')
    .select('id')
    .where('organizationId', '=', organizationId)
    .where('status', '=', 'PENDING')
    .where('expiresAt', '>', new Date())
    .limit(MAX_PENDING_INVITATIONS_PER_ORGANIZATION)
    .execute();
  if (pending.length >= MAX_PENDING_INVITATIONS_PER_ORGANIZATION) {
    const message = `At most ${MAX_PENDING_INVITATIONS_PER_ORGANIZATION} invitations may be pending. Revoke some first.`;
    refuse('TOO_MANY_INVITATIONS', message);
  }
}
