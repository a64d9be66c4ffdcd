import { ACCOUNT_OPEN_FAULTS, accountOpen } from '../../resolvers/account/accountOpen.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Account } from './account.ts';

const Input = builder.inputType('AccountOpenInput', {
  description: 'A new account.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'Whose account it is.' }),
    chainId: t.id({ required: true, description: 'The chain it is on, by its node id.' }),
    name: t.string({ required: true, description: 'What it is called.' }),
    approverSignerIds: t.idList({
      required: true,
      description: 'The signers that are to own it on chain, at most 50, in the order they are kept.',
    }),
    threshold: t.int({ required: true, description: 'How many of them must sign.' }),
    idempotencyKey: t.string({
      required: true,
      description: 'The same key opens the same account, however often it is sent.',
    }),
  }),
});

type Payload = { accountId: string | null; replayed: boolean };

addMutation<typeof Input.$inferInput, Payload>('accountOpen', {
  description:
    'Opens an account. It answers OPENING at once; ACCOUNT_OPENED tells when it stands on chain. Needs ACCOUNT_OPEN.',
  input: Input,
  errorCodes: { ...ACCOUNT_OPEN_FAULTS, NOT_FOUND: 'The organization or the chain was not found.' },
  eventCursor: 'The entry that the change wrote; null where it wrote none yet.',
  payloadFields: (t) => ({
    account: changedObject(t, 'account', Account, 'The account'),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key opened it.',
    }),
  }),
  refused: { accountId: null, replayed: false },
  resolve: (input, context) =>
    accountOpen(context, {
      ...input,
      organizationId: uuidInInput('Organization', input.organizationId),
      chainId: uuidInInput('Chain', input.chainId),
      approverSignerIds: input.approverSignerIds.map((id) => uuidInInput('Signer', id)),
    }),
});
