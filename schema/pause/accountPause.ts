import { accountPause } from '../../resolvers/pause/accountPause.ts';
import type { UnderWay as Counts } from '../../resolvers/pause/countUnderWay.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { NOTHING_UNDER_WAY, REASON_DESCRIPTION, REASON_INVALID, underWayField } from './underWay.ts';

const Input = builder.inputType('AccountPauseInput', {
  description: 'An account whose payouts are to stop.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account.' }),
    reason: t.string({ required: true, description: REASON_DESCRIPTION }),
  }),
});

type Payload = { accountId: string | null; underWay: Counts };

addMutation<typeof Input.$inferInput, Payload>('accountPause', {
  description:
    'Stops an account’s payouts for now. Once this has answered, nothing new is signed for them: no batch is opened, paid, retried or closed, but as its owners have signed to close it. What was signed before may still pay: `underWay` counts it. Its owners can still act in other tools. Pausing what is paused changes nothing, its reason neither. Needs PAYOUTS_PAUSE.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The account was not found.',
    REASON_INVALID,
  },
  payloadFields: (t) => ({
    account: changedObject(t, 'account', Account, 'The account as it is now'),
    underWay: underWayField(t),
  }),
  refused: { accountId: null, underWay: NOTHING_UNDER_WAY },
  resolve: ({ accountId, reason }, context) =>
    accountPause(context, { accountId: uuidInInput('Account', accountId), reason }),
});
