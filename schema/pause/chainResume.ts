import { chainResume } from '../../resolvers/pause/chainResume.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Organization } from '../organization/organization.ts';

const Input = builder.inputType('ChainResumeInput', {
  description: 'A chain on which an organization’s payouts are to go on.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization.' }),
    chainId: t.id({ required: true, description: 'The chain.' }),
  }),
});

type Payload = { organizationId: string | null };

addMutation<typeof Input.$inferInput, Payload>('chainResume', {
  description:
    'Lets an organization’s payouts on a chain go on, at once; an account or a batch that is paused by itself stays so. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The organization or the chain was not found.' },
  payloadFields: (t) => ({
    organization: changedObject(t, 'organization', Organization, 'The organization as it is now'),
  }),
  refused: { organizationId: null },
  resolve: ({ organizationId, chainId }, context) =>
    chainResume(context, {
      organizationId: uuidInInput('Organization', organizationId),
      chainId: uuidInInput('Chain', chainId),
    }),
});
