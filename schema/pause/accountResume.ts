import { accountResume } from '../../resolvers/pause/accountResume.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';

const Input = builder.inputType('AccountResumeInput', {
  description: 'An account whose payouts are to go on.',
  fields: (t) => ({ accountId: t.id({ required: true, description: 'The account.' }) }),
});

type Payload = { accountId: string | null };

addMutation<typeof Input.$inferInput, Payload>('accountResume', {
  description:
    'Lets an account’s payouts go on, at once, unless its chain or a batch is paused besides. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The account was not found.' },
  payloadFields: (t) => ({
    account: changedObject(t, 'account', Account, 'The account as it is now'),
  }),
  refused: { accountId: null },
  resolve: ({ accountId }, context) =>
    accountResume(context, { accountId: uuidInInput('Account', accountId) }),
});
