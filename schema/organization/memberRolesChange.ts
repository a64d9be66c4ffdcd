import type { MembershipRow } from '../../resolvers/organization/listMembers.ts';
import {
  MEMBER_ROLES_CHANGE_FAULTS,
  memberRolesChange,
} from '../../resolvers/organization/memberRolesChange.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Membership, Role } from './membership.ts';

const Input = builder.inputType('MemberRolesChangeInput', {
  description: 'Another place for a member.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization.' }),
    userId: t.id({ required: true, description: 'The member.' }),
    roles: t.field({
      type: [Role],
      required: true,
      description: 'All that the member is to be from now on; at least one.',
    }),
  }),
});

type Payload = { membership: MembershipRow | null };

addMutation<typeof Input.$inferInput, Payload>('memberRolesChange', {
  description:
    'Gives a member other roles; they count from the member’s next request or message. Only an OWNER makes, changes or unmakes an OWNER, and makes an APPROVER where duties are separated; the last OWNER stays one, and nobody but an OWNER gives themself a role. Needs MEMBERS_MANAGE.',
  input: Input,
  errorCodes: MEMBER_ROLES_CHANGE_FAULTS,
  payloadFields: (t) => ({
    membership: t.expose('membership', {
      type: Membership,
      nullable: true,
      description: 'The membership as it is now; null when the request was refused.',
    }),
  }),
  refused: { membership: null },
  resolve: ({ organizationId, userId, roles }, context) =>
    memberRolesChange(context, {
      organizationId: uuidInInput('Organization', organizationId),
      userId: uuidInInput('User', userId),
      roles,
    }),
});
