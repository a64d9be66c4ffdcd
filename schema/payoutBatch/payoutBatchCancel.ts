import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { builder } from '../builder.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from './payoutBatch.ts';

const Input = builder.inputType('PayoutBatchCancelInput', {
  description: 'A batch to be stopped.',
  fields: (t) => ({ payoutBatchId: t.id({ required: true, description: 'The batch.' }) }),
});

type Payload = { payoutBatchId: string | null; eventCursor: string | null };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchCancel', {
  description:
    'Stops a batch as far as it can still be stopped, and says so by its status: CANCELLED before the threshold of signatures, CANCELLING after it; what is open on chain asks for an approval of its own (PAYOUT_CLOSE). Cancelling again changes nothing. Needs BATCH_CANCEL.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The batch was not found.',
    BATCH_ENDED: 'The batch has ended already.',
    NOTHING_OWED: 'Every payout is delivered: there is nothing left to stop.',
    TOO_MANY_LIVE_APPROVALS: 'As many approvals of the account are under way as can be.',
  },
  payloadFields: (t) => ({
    payoutBatch: t.field({
      type: PayoutBatch,
      nullable: true,
      description: 'The batch as it is now; null when the request was refused.',
      resolve: ({ payoutBatchId }, _args, context) =>
        payoutBatchId === null ? null : context.loaders.payoutBatch.load(payoutBatchId),
    }),
    eventCursor: t.expose('eventCursor', {
      type: 'EventCursor',
      nullable: true,
      description: 'The entry that the change wrote; null when nothing changed.',
    }),
  }),
  refused: { payoutBatchId: null, eventCursor: null },
  resolve: (input, context) =>
    payoutBatchCancel(context, {
      payoutBatchId: uuidInInput('PayoutBatch', input.payoutBatchId),
    }),
});
