import { PAYEE_UPDATE_FAULTS, payeeUpdate } from '../../resolvers/payee/payeeUpdate.ts';
import type { PayeeWarning as Warning } from '../../resolvers/payee/warnOfLookAlikes.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Payee } from './payee.ts';
import { PayeeDestinationInput } from './payeeDestination.ts';
import { PayeeWarning } from './payeeWarning.ts';

const Input = builder.inputType('PayeeUpdateInput', {
  description: 'What a payee is to be from now on. What is left out stays as it is.',
  fields: (t) => ({
    payeeId: t.id({ required: true, description: 'The payee.' }),
    name: t.string({ required: false, description: 'What to call the payee.' }),
    reference: t.string({ required: false, description: 'What the payee is known as in files.' }),
    destinations: t.field({
      type: [PayeeDestinationInput],
      required: false,
      description: 'Where the payee is paid: all of them, 1 to 10; they replace those of before.',
    }),
  }),
});

type Payload = { payeeId: string | null; warnings: readonly Warning[] };

addMutation<typeof Input.$inferInput, Payload>('payeeUpdate', {
  description:
    'Changes a payee. Batches that were made before stay as they are. Changing nothing is no entry of the log. Needs PAYEES_MANAGE.',
  input: Input,
  errorCodes: { ...PAYEE_UPDATE_FAULTS, NOT_FOUND: 'The payee was not found.' },
  eventCursor: 'The entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payee: changedObject(t, 'payee', Payee, 'The payee as it is now'),
    warnings: t.field({
      type: [PayeeWarning],
      description:
        'Which of the destinations given were never paid and look like other addresses, perhaps to be mistaken for them (POSSIBLE_ADDRESS_POISONING).',
      resolve: ({ warnings }) => [...warnings],
    }),
  }),
  refused: { payeeId: null, warnings: [] },
  resolve: (input, context) =>
    payeeUpdate(context, {
      payeeId: uuidInInput('Payee', input.payeeId),
      name: input.name ?? null,
      reference: input.reference ?? null,
      destinations:
        input.destinations?.map(({ assetId, address, share }) => ({
          assetId: uuidInInput('Asset', assetId),
          address,
          share,
        })) ?? null,
    }),
});
