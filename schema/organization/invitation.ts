import { required } from '../../core/errors.ts';
import type { Role as RoleName } from '../../core/permissions.ts';
import { listInvitations } from '../../resolvers/organization/listInvitations.ts';
import { loadViewerPermissions } from '../../resolvers/organization/loadViewerPermissions.ts';
import type { InvitationRow } from '../../resolvers/organization/selectInvitations.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { Actor, actorOf } from './actor.ts';
import { Role } from './membership.ts';
import { Organization } from './organization.ts';
import { User } from './user.ts';

export const InvitationStatus = builder.enumType('InvitationStatus', {
  description: 'How an invitation stands.',
  values: {
    PENDING: { description: 'It can be accepted.' },
    ACCEPTED: { description: 'It made somebody a member, and makes nobody else one.' },
    REVOKED: { description: 'It was taken back.' },
    EXPIRED: { description: 'Nobody accepted it within seven days.' },
  } as const,
});

export const Invitation = builder.objectRef<InvitationRow>('Invitation');

builder.node(Invitation, {
  description:
    'Asks somebody to become a member of an organization. Its secret is in the answer to `memberInvite` alone. Needs MEMBERS_MANAGE in the organization.',
  id: { resolve: (invitation) => invitation.id },
  loadWithoutCache: (id, context) => context.loaders.invitation.load(id),
  fields: (t) => ({
    organization: t.field({
      type: Organization,
      description: 'Whose member the person is to become.',
      resolve: async (invitation, _args, context) =>
        required(await context.loaders.organization.load(invitation.organizationId), 'The organization'),
    }),
    displayName: t.exposeString('displayName', {
      description: 'What the inviting member called the person.',
    }),
    roles: t.field({
      type: [Role],
      description: 'What the person is to be; at least one role.',
      resolve: (invitation) => invitation.roles as RoleName[],
    }),
    address: t.expose('address', {
      type: 'Address',
      nullable: true,
      description: 'The wallet that may accept it; null: whoever holds the secret.',
    }),
    status: t.expose('status', { type: InvitationStatus, description: 'How it stands.' }),
    invitedBy: t.field({
      type: Actor,
      description: 'Who asked the person.',
      resolve: (invitation, _args, context) => actorOf(invitation.invitedByUserId, context),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Until when it can be accepted: seven days from when it was made.',
    }),
    acceptedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who became a member by it; null while nobody did.',
      resolve: (invitation, _args, context) =>
        invitation.acceptedByUserId === null
          ? null
          : context.loaders.referencedUser.load(invitation.acceptedByUserId),
    }),
  }),
});

const InvitationConnection = builder.connectionObject(
  { type: Invitation, name: 'InvitationConnection', description: 'One page of invitations.' },
  { name: 'InvitationEdge', description: 'An invitation with its position in the list.' },
);

builder.objectField(Organization, 'invitations', (t) =>
  t.connection(
    {
      type: Invitation,
      nullable: true,
      description: 'Who was asked to become a member, newest first. Needs MEMBERS_MANAGE; null without it.',
      args: {
        status: t.arg({
          type: [InvitationStatus],
          description: 'Only invitations with one of these statuses.',
        }),
      },
      resolve: async ({ id }, { status, ...page }, context) => {
        const permissions = await context.loaders.by(loadViewerPermissions, id);
        if (!permissions.includes('MEMBERS_MANAGE')) return null;
        return connectionOf(
          await context.loaders.page(listInvitations, id, page, { statuses: status ?? null }),
        );
      },
    },
    InvitationConnection,
  ),
);
