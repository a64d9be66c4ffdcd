import { MEMBER_REMOVE_FAULTS, memberRemove } from '../../resolvers/organization/memberRemove.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Organization } from './organization.ts';

const Input = builder.inputType('MemberRemoveInput', {
  description: 'Who is to go.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization.' }),
    userId: t.id({ required: true, description: 'The member.' }),
  }),
});

type Payload = { organizationId: string | null };

addMutation<typeof Input.$inferInput, Payload>('memberRemove', {
  description:
    'Ends a membership: the person sees nothing of the organization any more, and what they have open ends with its next message. Invitations that they gave are revoked. Accounts on chain keep their owners. Only an OWNER removes an OWNER, and the last OWNER stays. Needs MEMBERS_MANAGE, or READ to leave oneself.',
  input: Input,
  errorCodes: MEMBER_REMOVE_FAULTS,
  eventCursor: 'The entry that the change wrote; null when the request was refused.',
  payloadFields: (t) => ({
    organization: changedObject(
      t,
      'organization',
      Organization,
      'The organization as it is now',
      'when the request was refused, and for those who left it themself',
    ),
  }),
  refused: { organizationId: null },
  resolve: ({ organizationId, userId }, context) =>
    memberRemove(context, {
      organizationId: uuidInInput('Organization', organizationId),
      userId: uuidInInput('User', userId),
    }),
});
