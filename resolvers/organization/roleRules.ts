import { refuse } from '../../core/errors.ts';
import { ROLES, type Role } from '../../core/permissions.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';

/** Roles as they are stored: each once, in the order of ROLES. @throws UserFaultsError ROLES_EMPTY */
export function requireRoles(roles: readonly Role[], path: readonly string[] = ['input', 'roles']): Role[] {
  if (roles.length === 0) refuse('ROLES_EMPTY', 'A member has at least one role.', path);
  return ROLES.filter((role) => roles.includes(role));
}

/**
 * Only an OWNER makes or unmakes an OWNER, or changes what else one is.
 * @param before the roles that somebody has; none for who is no member yet
 * @param after the roles that they are to have; none for who is to go
 * @throws UserFaultsError OWNER_REQUIRED
 */
export function requireOwnerForOwners(
  viewerRoles: readonly Role[],
  before: readonly Role[],
  after: readonly Role[],
  path: readonly string[],
): void {
  if (viewerRoles.includes('OWNER')) return;
  if (!before.includes('OWNER') && !after.includes('OWNER')) return;
  refuse('OWNER_REQUIRED', 'Only an OWNER makes, changes or removes an OWNER.', path);
}

/**
 * Where duties are separated, only an OWNER hands out APPROVER: an ADMIN, who may propose, would hand it to a second wallet
 * of their own.
 * @param database in which the organization's members are locked
 * @param gained the roles that somebody is to get
 * @throws UserFaultsError DUTIES_SEPARATED
 */
export async function requireOwnerForApprovers(
  database: DatabaseTransaction,
  organizationId: string,
  viewerRoles: readonly Role[],
  gained: readonly Role[],
  path: readonly string[],
): Promise<void> {
  if (viewerRoles.includes('OWNER') || !gained.includes('APPROVER')) return;
  if (!(await separatesDuties(database, organizationId))) return;
  refuse('DUTIES_SEPARATED', 'Duties are separated here: only an OWNER makes somebody an APPROVER.', path);
}

/** Whether whoever asks for a payout of this organization does not approve it. */
export async function separatesDuties(
  database: DatabaseTransaction,
  organizationId: string,
): Promise<boolean> {
  const organization = await database
    .selectFrom('organization')
    .select('separatesDuties')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return organization.separatesDuties;
}

/**
 * An organization without an OWNER could never have one again.
 * @param database in which the organization's members are locked
 * @throws UserFaultsError LAST_OWNER when nobody but this person is one
 */
export async function requireAnotherOwner(
  database: DatabaseTransaction,
  organizationId: string,
  userId: string,
  path: readonly string[],
): Promise<void> {
  const members = await database
    .selectFrom('membership')
    .select('roles')
    .where('organizationId', '=', organizationId)
    .where('userId', '<>', userId)
    .execute();
  if (members.some(({ roles }) => roles.includes('OWNER'))) return;
  refuse('LAST_OWNER', 'This is the last OWNER. Make somebody else one first.', path);
}
