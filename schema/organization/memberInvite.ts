import { MEMBER_INVITE_FAULTS, memberInvite } from '../../resolvers/organization/memberInvite.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Invitation } from './invitation.ts';
import { Role } from './membership.ts';

const Input = builder.inputType('MemberInviteInput', {
  description: 'Somebody who is to be asked.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'Whose member the person is to become.' }),
    displayName: t.string({
      required: true,
      description: 'What the person is called, until they give themself a name.',
    }),
    roles: t.field({ type: [Role], required: true, description: 'What the person is to be; at least one.' }),
    address: t.field({
      type: 'Address',
      description: 'The wallet that may accept; left out: whoever holds the secret.',
    }),
    idempotencyKey: t.string({
      required: true,
      description: 'The same key makes the same invitation, however often it is sent.',
    }),
  }),
});

type Payload = {
  invitationId: string | null;
  secret: string | null;
  replayed: boolean;
};

addMutation<typeof Input.$inferInput, Payload>('memberInvite', {
  description:
    'Asks somebody to become a member. Hand them the secret in the fragment of a link, which no server sees. The invitation can be accepted once, within seven days. Needs MEMBERS_MANAGE; only an OWNER invites an OWNER, and an APPROVER where duties are separated.',
  input: Input,
  errorCodes: MEMBER_INVITE_FAULTS,
  eventCursor: 'The entry that the invitation wrote; null when this request wrote none.',
  payloadFields: (t) => ({
    invitation: changedObject(t, 'invitation', Invitation, 'The invitation'),
    secret: t.exposeString('secret', {
      nullable: true,
      description:
        'What the person accepts with. Told this once: only its hash is kept, and a replayed request is answered with null. When it is lost, revoke the invitation and make another.',
    }),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made it.',
    }),
  }),
  refused: { invitationId: null, secret: null, replayed: false },
  resolve: ({ organizationId, displayName, roles, address, idempotencyKey }, context) =>
    memberInvite(context, {
      organizationId: uuidInInput('Organization', organizationId),
      displayName,
      roles,
      address: address ?? null,
      idempotencyKey,
    }),
});
