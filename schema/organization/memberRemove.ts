import { MEMBER_REMOVE_FAULTS, memberRemove } from '../../resolvers/organization/memberRemove.ts';
import { builder } from '../builder.ts';
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

type Payload = { organizationId: string | null; eventCursor: string | null };

addMutation<typeof Input.$inferInput, Payload>('memberRemove', {
  description:
    'Ends a membership: the person sees nothing of the organization any more, and what they have open ends with its next message. Invitations that they gave are revoked. Accounts on chain keep their owners. Only an OWNER removes an OWNER, and the last OWNER stays. Needs MEMBERS_MANAGE, or READ to leave oneself.',
  input: Input,
  errorCodes: MEMBER_REMOVE_FAULTS,
  payloadFields: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description:
        'The organization as it is now; null when the request was refused, and for those who left it themself.',
      resolve: ({ organizationId }, _args, context) =>
        organizationId === null ? null : context.loaders.organization.load(organizationId),
    }),
    eventCursor: t.expose('eventCursor', {
      type: 'EventCursor',
      nullable: true,
      description: 'The entry that the change wrote; null when the request was refused.',
    }),
  }),
  refused: { organizationId: null, eventCursor: null },
  resolve: ({ organizationId, userId }, context) =>
    memberRemove(context, {
      organizationId: uuidInInput('Organization', organizationId),
      userId: uuidInInput('User', userId),
    }),
});
