import {
  ORGANIZATION_CREATE_FAULTS,
  organizationCreate,
} from '../../resolvers/organization/organizationCreate.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { Role } from './membership.ts';
import { Organization } from './organization.ts';

const MemberInput = builder.inputType('OrganizationMemberInput', {
  description: 'Somebody who is to belong to an organization.',
  fields: (t) => ({
    displayName: t.string({
      required: true,
      description: 'What the person is called, where they are new here; others keep their name.',
    }),
    address: t.field({
      type: 'Address',
      required: true,
      description: 'The wallet that the person signs in and approves with.',
    }),
    roles: t.field({ type: [Role], required: true, description: 'What the person is to be; at least one.' }),
  }),
});

const Input = builder.inputType('OrganizationCreateInput', {
  description: 'A new organization.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is called.' }),
    members: t.field({
      type: [MemberInput],
      required: true,
      description:
        'Who belongs to it besides the viewer, who becomes an OWNER: members at once, without being asked; `memberInvite` asks. The viewer’s own address may be among them, for further roles.',
    }),
    idempotencyKey: t.string({
      required: true,
      description: 'The same key makes the same organization, however often it is sent.',
    }),
  }),
});

type Payload = { organizationId: string | null; replayed: boolean };

addMutation<typeof Input.$inferInput, Payload>('organizationCreate', {
  description: 'Makes an organization, with the viewer as an OWNER. Needs a session and no more.',
  input: Input,
  errorCodes: ORGANIZATION_CREATE_FAULTS,
  eventCursor: 'Always null: a new organization’s log is empty.',
  payloadFields: (t) => ({
    organization: changedObject(t, 'organization', Organization, 'The organization'),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made it.',
    }),
  }),
  refused: { organizationId: null, replayed: false },
  resolve: async (input, context) => ({
    ...(await organizationCreate(context, input)),
    eventCursor: null,
  }),
});
