import { chainPause } from '../../resolvers/pause/chainPause.ts';
import type { UnderWay as Counts } from '../../resolvers/pause/countUnderWay.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Organization } from '../organization/organization.ts';
import { NOTHING_UNDER_WAY, REASON_DESCRIPTION, REASON_INVALID, underWayField } from './underWay.ts';

const Input = builder.inputType('ChainPauseInput', {
  description: 'A chain on which an organization’s payouts are to stop.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization. Others go on.' }),
    chainId: t.id({ required: true, description: 'The chain.' }),
    reason: t.string({ required: true, description: REASON_DESCRIPTION }),
  }),
});

type Payload = { organizationId: string | null; underWay: Counts };

addMutation<typeof Input.$inferInput, Payload>('chainPause', {
  description:
    'Stops an organization’s payouts on a chain for now. Once this has answered, nothing new is signed for them: no batch is opened, paid, retried or closed, but as its owners have signed to close it. What was signed before may still pay: `underWay` counts it. Pausing what is paused changes nothing, its reason neither. Accounts are opened all the same: that moves no money. Needs PAYOUTS_PAUSE.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The organization or the chain was not found.', REASON_INVALID },
  payloadFields: (t) => ({
    organization: changedObject(t, 'organization', Organization, 'The organization as it is now'),
    underWay: underWayField(t),
  }),
  refused: { organizationId: null, underWay: NOTHING_UNDER_WAY },
  resolve: ({ organizationId, chainId, reason }, context) =>
    chainPause(context, {
      organizationId: uuidInInput('Organization', organizationId),
      chainId: uuidInInput('Chain', chainId),
      reason,
    }),
});
