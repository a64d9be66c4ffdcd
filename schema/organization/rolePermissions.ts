import type { Permission as PermissionName, Role as RoleName } from '../../core/permissions.ts';
import { listRolePermissions } from '../../resolvers/organization/listRolePermissions.ts';
import { builder } from '../builder.ts';
import { Permission, ROLE_DESCRIPTIONS, Role } from './membership.ts';

type Row = { role: RoleName; permissions: readonly PermissionName[] };

const RolePermissions = builder.objectRef<Row>('RolePermissions').implement({
  description: 'A role with what it allows. A member may do what any of their roles allows.',
  fields: (t) => ({
    role: t.expose('role', { type: Role, description: 'The role.' }),
    description: t.string({
      description: 'What the role is for, in English.',
      resolve: ({ role }) => ROLE_DESCRIPTIONS[role],
    }),
    permissions: t.field({
      type: [Permission],
      description: 'What the role allows.',
      resolve: ({ permissions }) => [...permissions],
    }),
  }),
});

builder.queryField('rolePermissions', (t) =>
  t.field({
    type: [RolePermissions],
    description:
      'Who may do what: every role with its permissions, the same for all organizations. Needs a session and no more.',
    resolve: (_root, _args, context) => listRolePermissions(context),
  }),
);
