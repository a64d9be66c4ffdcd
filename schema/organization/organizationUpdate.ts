import {
  ORGANIZATION_UPDATE_FAULTS,
  organizationUpdate,
} from '../../resolvers/organization/organizationUpdate.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Organization } from './organization.ts';

const Input = builder.inputType('OrganizationUpdateInput', {
  description: 'Other settings for an organization.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization.' }),
    name: t.string({ description: 'What it is called; left out, it keeps its name.' }),
    separatesDuties: t.boolean({
      description:
        'Whether those who make, submit or cancel a batch are kept from granting its approval here, and only an OWNER makes an APPROVER; left out, it stays as it is. Switched on, it revokes pending invitations of APPROVERs that no OWNER gave.',
    }),
  }),
});

type Payload = { organizationId: string | null };

addMutation<typeof Input.$inferInput, Payload>('organizationUpdate', {
  description:
    'Changes what an organization is called and whether it separates duties. Signatures that were given stay. Needs ORGANIZATION_UPDATE.',
  input: Input,
  errorCodes: ORGANIZATION_UPDATE_FAULTS,
  payloadFields: (t) => ({
    organization: changedObject(t, 'organization', Organization, 'The organization as it is now'),
  }),
  refused: { organizationId: null },
  resolve: ({ organizationId, name, separatesDuties }, context) =>
    organizationUpdate(context, {
      organizationId: uuidInInput('Organization', organizationId),
      name: name ?? null,
      separatesDuties: separatesDuties ?? null,
    }),
});
