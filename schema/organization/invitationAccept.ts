import { INVITATION_ACCEPT_FAULTS, invitationAccept } from '../../resolvers/organization/invitationAccept.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { Organization } from './organization.ts';

const Input = builder.inputType('InvitationAcceptInput', {
  description: 'The invitation to accept.',
  fields: (t) => ({
    secret: t.string({ required: true, description: 'The invitation’s secret.' }),
    displayName: t.string({
      description:
        'What the viewer wants to be called, everywhere; left out, they keep their name, or get the invitation’s where they have none.',
    }),
  }),
});

type Payload = { organizationId: string | null };

addMutation<typeof Input.$inferInput, Payload>('invitationAccept', {
  description:
    'Makes the viewer a member with the invitation’s roles. The organization learns the invited wallet, or, where the invitation names none, all wallets of the viewer. Accepting again changes nothing. Needs a session and the secret.',
  input: Input,
  errorCodes: INVITATION_ACCEPT_FAULTS,
  payloadFields: (t) => ({
    organization: changedObject(
      t,
      'organization',
      Organization,
      'The organization that the viewer is now a member of',
    ),
  }),
  refused: { organizationId: null },
  resolve: ({ secret, displayName }, context) =>
    invitationAccept(context, { secret, displayName: displayName ?? null }),
});
