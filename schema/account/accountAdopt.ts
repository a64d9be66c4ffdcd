import { ACCOUNT_ADOPT_FAULTS, accountAdopt } from '../../resolvers/account/accountAdopt.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Account } from './account.ts';

const Input = builder.inputType('AccountAdoptInput', {
  description: 'An existing Safe that is to be an account.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'Whose account it becomes.' }),
    chainId: t.id({ required: true, description: 'The chain it is on, by its node id.' }),
    name: t.string({ required: true, description: 'What it is called.' }),
    address: t.field({
      type: 'Address',
      required: true,
      description: 'Where the Safe stands: in EIP-55 form, or in one case.',
    }),
    idempotencyKey: t.string({
      required: true,
      description: 'The same key adopts the same Safe once, however often it is sent.',
    }),
  }),
});

type Payload = { accountId: string | null; replayed: boolean };

addMutation<typeof Input.$inferInput, Payload>('accountAdopt', {
  description:
    'Makes an existing Safe an account. It answers OPENING at once. Its storage is read then: ACCOUNT_OPENED tells that it is ACTIVE, ACCOUNT_REFUSED that it cannot be an account, and why. At least one of its owners must be a key of a member. Needs ACCOUNT_OPEN.',
  input: Input,
  errorCodes: { ...ACCOUNT_ADOPT_FAULTS, NOT_FOUND: 'The organization or the chain was not found.' },
  eventCursor: 'The entry that the change wrote; null where it wrote none yet.',
  payloadFields: (t) => ({
    account: changedObject(t, 'account', Account, 'The account'),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key adopted it.',
    }),
  }),
  refused: { accountId: null, replayed: false },
  resolve: (input, context) =>
    accountAdopt(context, {
      ...input,
      organizationId: uuidInInput('Organization', input.organizationId),
      chainId: uuidInInput('Chain', input.chainId),
    }),
});
