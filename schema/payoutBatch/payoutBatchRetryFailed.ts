import {
  PAYOUT_BATCH_RETRY_FAILED_FAULTS,
  payoutBatchRetryFailed,
} from '../../resolvers/payoutBatch/payoutBatchRetryFailed.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from './payoutBatch.ts';

const Input = builder.inputType('PayoutBatchRetryFailedInput', {
  description: 'Which batch to try again.',
  fields: (t) => ({
    payoutBatchId: t.id({ required: true, description: 'A batch that ended PARTIALLY_FAILED or FAILED.' }),
    idempotencyKey: t.string({
      required: true,
      description:
        'Of the sender’s choice, 1 to 200 characters. The same request with the same key makes one batch, however often it is sent; another request with it is refused.',
    }),
  }),
});

type Payload = { payoutBatchId: string | null; replayed: boolean };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchRetryFailed', {
  description:
    'Makes a draft batch of exactly the payouts that a closed batch never delivered, as they were. A payout is in one live retry at a time. Needs BATCH_CREATE.',
  input: Input,
  errorCodes: { ...PAYOUT_BATCH_RETRY_FAILED_FAULTS, NOT_FOUND: 'The batch was not found.' },
  eventCursor: 'The entry that the change wrote; null when it wrote none.',
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The new batch as it is now'),
    replayed: t.exposeBoolean('replayed', {
      description: 'Whether an earlier request with the same key made the batch.',
    }),
  }),
  refused: { payoutBatchId: null, replayed: false },
  resolve: (input, context) =>
    payoutBatchRetryFailed(context, {
      payoutBatchId: uuidInInput('PayoutBatch', input.payoutBatchId),
      idempotencyKey: input.idempotencyKey,
    }),
});
