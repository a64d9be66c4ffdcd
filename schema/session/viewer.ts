import { required } from '../../core/errors.ts';
import type { Permission as PermissionName } from '../../core/permissions.ts';
import { viewerPermissions } from '../../resolvers/authorize.ts';
import { listViewerMemberships } from '../../resolvers/organization/listMembers.ts';
import type { Viewer as SignedInViewer } from '../../resolvers/requestContext.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { Membership, Permission } from '../organization/membership.ts';
import { User } from '../organization/user.ts';

export const Viewer = builder.objectRef<SignedInViewer>('Viewer').implement({
  description: 'Who asks, by the session that the request came with.',
  fields: (t) => ({
    user: t.field({
      type: User,
      nullable: true,
      description: 'The person who is signed in.',
      resolve: async (viewer, _args, context) =>
        required(await context.loaders.user.load(viewer.userId), 'The viewer'),
    }),
    memberships: t.field({
      type: [Membership],
      description:
        'The organizations that the viewer is a member of, oldest membership first, at most 1,000.',
      resolve: (_viewer, _args, context) => listViewerMemberships(context),
    }),
    permissions: t.field({
      type: [Permission],
      description: 'What the viewer may do in an organization; empty for one they are no member of.',
      args: { organizationId: t.arg.id({ required: true, description: 'The organization.' }) },
      resolve: (viewer, { organizationId }, context): Promise<PermissionName[]> | PermissionName[] => {
        const uuid = readNodeId('Organization', organizationId);
        return uuid === null ? [] : viewerPermissions(context.log.database, viewer, uuid);
      },
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Who is signed in; null for nobody. Needs nothing.',
    resolve: (_root, _args, context) => context.viewer,
  }),
);
