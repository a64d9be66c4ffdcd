import { chainPause } from '../../resolvers/pause/chainPause.ts';
import type { UnderWay as Counts } from '../../resolvers/pause/countUnderWay.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Organization } from '../organization/organization.ts';
import { NOTHING_UNDER_WAY, REASON_DESCRIPTION, REASON_INVALID, UnderWay } from './underWay.ts';

const Input = builder.inputType('ChainPauseInput', {
  description: 'A chain on which an organization’s payouts are to stop.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'The organization. Others go on.' }),
    chainId: t.id({ required: true, description: 'The chain.' }),
    reason: t.string({ required: true, description: REASON_DESCRIPTION }),
  }),
});

type Payload = { organizationId: string | null; underWay: Counts; eventCursor: string | null };

addMutation<typeof Input.$inferInput, Payload>('chainPause', {
  description:
    'Stops an organization’s payouts on a chain for now. Once this has answered, nothing new is signed for them: no batch is opened, paid, retried or closed, but as its owners have signed to close it. What was signed before may still pay: `underWay` counts it. Pausing what is paused changes nothing, its reason neither. Accounts are opened all the same: that moves no money. Needs PAYOUTS_PAUSE.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The organization or the chain was not found.', REASON_INVALID },
  payloadFields: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization as it is now; null when the request was refused.',
      resolve: ({ organizationId }, _args, context) =>
        organizationId === null ? null : context.loaders.organization.load(organizationId),
    }),
    underWay: t.expose('underWay', {
      type: UnderWay,
      description: 'What the pause comes too late for; `Pause.underWay` says what is left of it.',
    }),
    eventCursor: t.expose('eventCursor', {
      type: 'EventCursor',
      nullable: true,
      description: 'The entry that the change wrote; null when nothing changed.',
    }),
  }),
  refused: { organizationId: null, underWay: NOTHING_UNDER_WAY, eventCursor: null },
  resolve: ({ organizationId, chainId, reason }, context) =>
    chainPause(context, {
      organizationId: uuidInInput('Organization', organizationId),
      chainId: uuidInInput('Chain', chainId),
      reason,
    }),
});
