import { INVITATION_REVOKE_FAULTS, invitationRevoke } from '../../resolvers/organization/invitationRevoke.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Invitation } from './invitation.ts';

const Input = builder.inputType('InvitationRevokeInput', {
  description: 'The invitation to take back.',
  fields: (t) => ({ invitationId: t.id({ required: true, description: 'The invitation.' }) }),
});

type Payload = { invitationId: string | null; eventCursor: string | null };

addMutation<typeof Input.$inferInput, Payload>('invitationRevoke', {
  description: 'Takes an invitation back. Revoking again changes nothing. Needs MEMBERS_MANAGE.',
  input: Input,
  errorCodes: INVITATION_REVOKE_FAULTS,
  payloadFields: (t) => ({
    invitation: t.field({
      type: Invitation,
      nullable: true,
      description: 'The invitation as it is now; null when the request was refused.',
      resolve: ({ invitationId }, _args, context) =>
        invitationId === null ? null : context.loaders.invitation.load(invitationId),
    }),
    eventCursor: t.expose('eventCursor', {
      type: 'EventCursor',
      nullable: true,
      description: 'The entry that the change wrote; null when nothing changed.',
    }),
  }),
  refused: { invitationId: null, eventCursor: null },
  resolve: ({ invitationId }, context) =>
    invitationRevoke(context, { invitationId: uuidInInput('Invitation', invitationId) }),
});
