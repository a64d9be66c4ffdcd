import { INVITATION_REVOKE_FAULTS, invitationRevoke } from '../../resolvers/organization/invitationRevoke.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Invitation } from './invitation.ts';

const Input = builder.inputType('InvitationRevokeInput', {
  description: 'The invitation to take back.',
  fields: (t) => ({ invitationId: t.id({ required: true, description: 'The invitation.' }) }),
});

type Payload = { invitationId: string | null };

addMutation<typeof Input.$inferInput, Payload>('invitationRevoke', {
  description: 'Takes an invitation back. Revoking again changes nothing. Needs MEMBERS_MANAGE.',
  input: Input,
  errorCodes: INVITATION_REVOKE_FAULTS,
  payloadFields: (t) => ({
    invitation: changedObject(t, 'invitation', Invitation, 'The invitation as it is now'),
  }),
  refused: { invitationId: null },
  resolve: ({ invitationId }, context) =>
    invitationRevoke(context, { invitationId: uuidInInput('Invitation', invitationId) }),
});
