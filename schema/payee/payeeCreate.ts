import { PAYEE_CREATE_FAULTS, payeeCreate } from '../../resolvers/payee/payeeCreate.ts';
import type { PayeeWarning as Warning } from '../../resolvers/payee/warnOfLookAlikes.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Payee } from './payee.ts';
import { PayeeDestinationInput } from './payeeDestination.ts';
import { PayeeWarning } from './payeeWarning.ts';

const Input = builder.inputType('PayeeCreateInput', {
  description: 'Somebody to pay.',
  fields: (t) => ({
    organizationId: t.id({ required: true, description: 'Whose address book it is to stand in.' }),
    name: t.string({
      required: true,
      description: 'What to call the payee: 1 to 200 characters in one line.',
    }),
    reference: t.string({
      required: true,
      description:
        'What the payee is known as in files: 1 to 200 characters, and no other payee’s, without regard to case.',
    }),
    destinations: t.field({
      type: [PayeeDestinationInput],
      required: true,
      description: 'Where the payee is paid: 1 to 10, whose shares add up to exactly 1.',
    }),
    idempotencyKey: t.string({
      required: true,
      description:
        'Of the sender’s choice, 1 to 200 characters. The same request with the same key makes one payee, however often it is sent.',
    }),
  }),
});

type Payload = {
  payeeId: string | null;
  warnings: readonly Warning[];
  replayed: boolean;
};

addMutation<typeof Input.$inferInput, Payload>('payeeCreate', {
  description: 'Puts somebody into an organization’s address book. Needs PAYEES_MANAGE.',
  input: Input,
  errorCodes: { ...PAYEE_CREATE_FAULTS, NOT_FOUND: 'The organization was not found.' },
  eventCursor: 'The entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payee: changedObject(t, 'payee', Payee, 'The payee as it is now'),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made it.',
    }),
    warnings: t.field({
      type: [PayeeWarning],
      description:
        'Which of the destinations given were never paid and look like other addresses, perhaps to be mistaken for them (POSSIBLE_ADDRESS_POISONING). Empty for a replay.',
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
  refused: { payeeId: null, warnings: [], replayed: false },
  resolve: (input, context) =>
    payeeCreate(context, {
      ...input,
      organizationId: uuidInInput('Organization', input.organizationId),
      destinations: input.destinations.map(({ assetId, address, share }) => ({
        assetId: uuidInInput('Asset', assetId),
        address,
        share,
      })),
    }),
});
