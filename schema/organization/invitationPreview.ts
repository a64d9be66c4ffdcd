import type { Role as RoleName } from '../../core/permissions.ts';
import {
  type InvitationPreviewRow,
  previewInvitation,
} from '../../resolvers/organization/previewInvitation.ts';
import { builder } from '../builder.ts';
import { InvitationStatus } from './invitation.ts';
import { Role } from './membership.ts';

const InvitationPreview = builder.objectRef<InvitationPreviewRow>('InvitationPreview').implement({
  description: 'What the holder of an invitation’s secret sees before they accept it.',
  fields: (t) => ({
    organizationName: t.exposeString('organizationName', { description: 'What the organization is called.' }),
    displayName: t.exposeString('displayName', {
      description: 'What the inviting member called the person.',
    }),
    roles: t.field({
      type: [Role],
      description: 'What the person is to be.',
      resolve: (invitation) => invitation.roles as RoleName[],
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it can be accepted.' }),
    status: t.expose('status', { type: InvitationStatus, description: 'How it stands.' }),
    address: t.expose('address', {
      type: 'Address',
      nullable: true,
      description: 'The wallet to sign in with; null: any.',
    }),
  }),
});

builder.queryField('invitation', (t) =>
  t.field({
    type: InvitationPreview,
    nullable: true,
    description:
      'What an invitation’s secret invites to; null for an unknown secret. Needs a session and the secret, which belongs in the variables of a POST request, never in a document or a URL.',
    args: {
      secret: t.arg.string({
        required: true,
        description: 'The secret, as `memberInvite` answered it.',
      }),
    },
    resolve: (_root, { secret }, context) => previewInvitation(context, secret),
  }),
);
