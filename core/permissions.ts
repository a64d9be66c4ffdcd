export const ROLES = ['OWNER', 'ADMIN', 'PROPOSER', 'APPROVER', 'VIEWER'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'READ',
  'ACCOUNT_OPEN',
  'BATCH_CREATE',
  'BATCH_SUBMIT',
  'BATCH_CANCEL',
  'PAYOUTS_PAUSE',
  'PAYOUTS_RESUME',
  'APPROVAL_DECIDE',
  'PAYEES_MANAGE',
  'MEMBERS_MANAGE',
  'ORGANIZATION_UPDATE',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Who may do what. Deciding an approval needs, besides, a key that is an owner of the account on chain. */
const PERMISSIONS_OF: Record<Role, readonly Permission[]> = {
  OWNER: [
    'READ',
    'ACCOUNT_OPEN',
    'BATCH_CREATE',
    'BATCH_SUBMIT',
    'BATCH_CANCEL',
    'PAYOUTS_PAUSE',
    'PAYOUTS_RESUME',
    'PAYEES_MANAGE',
    'MEMBERS_MANAGE',
    'ORGANIZATION_UPDATE',
  ],
  ADMIN: [
    'READ',
    'ACCOUNT_OPEN',
    'BATCH_CREATE',
    'BATCH_SUBMIT',
    'BATCH_CANCEL',
    'PAYOUTS_PAUSE',
    'PAYOUTS_RESUME',
    'PAYEES_MANAGE',
    'MEMBERS_MANAGE',
  ],
  PROPOSER: ['READ', 'BATCH_CREATE', 'BATCH_SUBMIT', 'BATCH_CANCEL', 'PAYOUTS_PAUSE', 'PAYEES_MANAGE'],
  APPROVER: ['READ', 'PAYOUTS_PAUSE', 'APPROVAL_DECIDE'],
  VIEWER: ['READ'],
};

/** The permissions that a set of roles adds up to, in the order of PERMISSIONS. */
export function permissionsOf(roles: readonly Role[]): Permission[] {
  const granted = new Set(roles.flatMap((role) => PERMISSIONS_OF[role]));
  return PERMISSIONS.filter((permission) => granted.has(permission));
}

/** The roles that carry a permission, in the order of ROLES. */
export function rolesWith(permission: Permission): Role[] {
  return ROLES.filter((role) => PERMISSIONS_OF[role].includes(permission));
}
