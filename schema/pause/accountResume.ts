import { accountResume } from '../../resolvers/pause/accountResume.ts';
import { Account } from '../account/account.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';

const Input = builder.inputType('AccountResumeInput', {
  description: 'An account whose payouts are to go on.',
  fields: (t) => ({ accountId: t.id({ required: true, description: 'The account.' }) }),
});

type Payload = { accountId: string | null; eventCursor: string | null };

addMutation<typeof Input.$inferInput, Payload>('accountResume', {
  description:
    'Lets an account’s payouts go on, at once, unless its chain or a batch is paused besides. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The account was not found.' },
  payloadFields: (t) => ({
    account: t.field({
      type: Account,
      nullable: true,
      description: 'The account as it is now; null when the request was refused.',
      resolve: ({ accountId }, _args, context) =>
        accountId === null ? null : context.loaders.account.load(accountId),
    }),
    eventCursor: t.expose('eventCursor', {
      type: 'EventCursor',
      nullable: true,
      description: 'The entry that the change wrote; null when nothing changed.',
    }),
  }),
  refused: { accountId: null, eventCursor: null },
  resolve: ({ accountId }, context) =>
    accountResume(context, { accountId: uuidInInput('Account', accountId) }),
});
