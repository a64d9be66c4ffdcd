import type { Address } from 'viem';
import { refuse } from '../../core/errors.ts';
import { MAX_MEMBERS_PER_ORGANIZATION } from '../../core/limits.ts';
import { ROLES, type Role } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { requireViewer } from '../authorize.ts';
import { createOnce } from '../createOnce.ts';
import { createFaultList } from '../faultList.ts';
import { checkIdempotencyKey, hashInput, IDEMPOTENCY_FAULTS } from '../idempotency.ts';
import type { RequestContext } from '../requestContext.ts';
import { requireEvmAddress } from '../requireEvmAddress.ts';
import { NAME_FAULTS, requireDisplayName, requireName } from '../requireName.ts';
import { findOrCreateSigner } from '../session/findOrCreateSigner.ts';
import { listAddresses } from './listAddresses.ts';
import { requireRoles } from './roleRules.ts';

export const MAX_ORGANIZATIONS_CREATED_PER_USER = 100;
export const MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY = 10;
const DAY_MS = 24 * 3_600_000;
/** Under which each organization that a user made is on record, in the keys of their requests. */
const OPERATION = 'organizationCreate';

export const ORGANIZATION_CREATE_FAULTS = {
  ...NAME_FAULTS,
  DISPLAY_NAME_INVALID:
    'A member’s name is blank or too long, or holds characters that cannot be shown in one line.',
  ADDRESS_INVALID: 'A member’s address is not an EVM address, or its checksum (EIP-55) is wrong.',
  ROLES_EMPTY: 'A member has no role.',
  MEMBER_DUPLICATE: 'An address is there twice.',
  TOO_MANY_MEMBERS: 'An organization cannot have so many members.',
  TOO_MANY_ORGANIZATIONS:
    'The viewer has made as many organizations as one person can, in all or in one day.',
  ...IDEMPOTENCY_FAULTS,
} as const;

export type NewMember = { displayName: string; address: string; roles: readonly Role[] };
export type OrganizationCreateInput = {
  name: string;
  members: readonly NewMember[];
  idempotencyKey: string;
};

/**
 * Makes an organization with its members and its event log. The viewer becomes an OWNER, with further roles where their
 * own address is among the members. Whoever is named is a member at once, and need not accept: memberInvite asks them.
 * Needs a session and no more.
 * @throws UserFaultsError with a code of ORGANIZATION_CREATE_FAULTS; UnauthenticatedError
 */
export async function organizationCreate(
  context: RequestContext,
  input: OrganizationCreateInput,
): Promise<{ organizationId: string; replayed: boolean }> {
  const viewer = requireViewer(context);
  checkIdempotencyKey(input.idempotencyKey);
  const name = requireName(input.name);
  const members = await requireMembers(input.members);
  const request = {
    scopeId: viewer.userId,
    operation: OPERATION,
    key: input.idempotencyKey,
    inputHash: hashInput([name, JSON.stringify(members)]),
  };
  const created = await createOnce(context, request, async ({ database }, id) => {
    await requireFewOrganizations(database, viewer.userId);
    await database.insertInto('organization').values({ id, name }).execute();
    await database.insertInto('eventLogHead').values({ organizationId: id }).execute();
    const found = await findMembers(database, members);
    found.set(viewer.userId, {
      roles: new Set(['OWNER', ...(found.get(viewer.userId)?.roles ?? [])]),
      // Who makes an organization shows it all of their keys; whom they name did not ask for it.
      addresses: await listAddresses(database, viewer.userId),
    });
    await database
      .insertInto('membership')
      .values(
        [...found].map(([userId, { roles, addresses }]) => ({
          organizationId: id,
          userId,
          roles: ROLES.filter((role) => roles.has(role)),
          addresses,
        })),
      )
      .execute();
  });
  return { organizationId: created.objectId, replayed: created.replayed };
}

type CheckedMember = { displayName: string; address: Address; roles: Role[] };

/** Every fault of every member at once. Sorted by address: the order in which their locks are taken. */
async function requireMembers(members: readonly NewMember[]): Promise<CheckedMember[]> {
  if (members.length > MAX_MEMBERS_PER_ORGANIZATION) {
    refuse('TOO_MANY_MEMBERS', `At most ${MAX_MEMBERS_PER_ORGANIZATION} members.`, ['input', 'members']);
  }
  const faults = createFaultList();
  const checked = new Map<string, CheckedMember>();
  for (const [index, member] of members.entries()) {
    const path = (field: string) => ['input', 'members', `${index}`, field];
    const displayName = await faults.attempt(() =>
      requireDisplayName(member.displayName, path('displayName')),
    );
    const roles = await faults.attempt(() => requireRoles(member.roles, path('roles')));
    const address = await faults.attempt(() => requireEvmAddress(member.address, { path: path('address') }));
    if (address === null) continue;
    await faults.attempt(() => {
      if (checked.has(address)) refuse('MEMBER_DUPLICATE', `${address} is there twice.`, path('address'));
    });
    checked.set(address, { displayName: displayName ?? '', address, roles: roles ?? [] });
  }
  faults.throwIfAny();
  return [...checked.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

type FoundMember = { roles: Set<Role>; addresses: string[] };

/** The members' users, new ones among them, with the roles each gets. One person may be there with two keys. */
async function findMembers(
  database: DatabaseTransaction,
  members: readonly CheckedMember[],
): Promise<Map<string, FoundMember>> {
  const found = new Map<string, FoundMember>();
  for (const { address, displayName, roles } of members) {
    const { userId } = await findOrCreateSigner(database, address, displayName);
    const earlier = found.get(userId);
    found.set(userId, {
      roles: new Set([...(earlier?.roles ?? []), ...roles]),
      addresses: [...(earlier?.addresses ?? []), address],
    });
  }
  return found;
}

/**
 * Counts what the person made, this one included, and not where others named them: strangers must not use up anybody's
 * number.
 */
async function requireFewOrganizations(database: DatabaseTransaction, userId: string): Promise<void> {
  await database.selectFrom('appUser').select('id').where('id', '=', userId).forUpdate().execute();
  const created = await database
    .selectFrom('idempotencyKey')
    .select('createdAt')
    .where('scopeId', '=', userId)
    .where('operation', '=', OPERATION)
    .orderBy('createdAt', 'desc')
    .limit(MAX_ORGANIZATIONS_CREATED_PER_USER + 1)
    .execute();
  if (created.length > MAX_ORGANIZATIONS_CREATED_PER_USER) {
    refuse(
      'TOO_MANY_ORGANIZATIONS',
      `One person can make at most ${MAX_ORGANIZATIONS_CREATED_PER_USER} organizations.`,
    );
  }
  const since = Date.now() - DAY_MS;
  const lately = created.filter(({ createdAt }) => createdAt.getTime() > since);
  if (lately.length > MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY) {
    refuse(
      'TOO_MANY_ORGANIZATIONS',
      `One person can make at most ${MAX_ORGANIZATIONS_CREATED_PER_USER_AND_DAY} organizations a day.`,
    );
  }
}
