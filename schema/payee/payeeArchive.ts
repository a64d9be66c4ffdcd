import { payeeArchive } from '../../resolvers/payee/payeeArchive.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { Payee } from './payee.ts';

const Input = builder.inputType('PayeeArchiveInput', {
  description: 'Which payee to take out of the address book.',
  fields: (t) => ({ payeeId: t.id({ required: true, description: 'The payee.' }) }),
});

type Payload = { payeeId: string | null };

addMutation<typeof Input.$inferInput, Payload>('payeeArchive', {
  description:
    'Takes a payee out of the address book: no line is matched to it any more, and its reference is free again. Archiving an archived one changes nothing. Needs PAYEES_MANAGE.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The payee was not found.' },
  eventCursor: 'The entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payee: changedObject(t, 'payee', Payee, 'The payee as it is now'),
  }),
  refused: { payeeId: null },
  resolve: (input, context) => payeeArchive(context, { payeeId: uuidInInput('Payee', input.payeeId) }),
});
