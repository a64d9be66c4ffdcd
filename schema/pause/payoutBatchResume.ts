import { payoutBatchResume } from '../../resolvers/pause/payoutBatchResume.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';

const Input = builder.inputType('PayoutBatchResumeInput', {
  description: 'A batch whose payouts are to go on.',
  fields: (t) => ({ payoutBatchId: t.id({ required: true, description: 'The batch.' }) }),
});

type Payload = { payoutBatchId: string | null };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchResume', {
  description:
    'Lets a batch go on, at once, unless its account or its chain is paused besides. Resuming what is not paused changes nothing. Needs PAYOUTS_RESUME.',
  input: Input,
  errorCodes: { NOT_FOUND: 'The batch was not found.' },
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The batch as it is now'),
  }),
  refused: { payoutBatchId: null },
  resolve: ({ payoutBatchId }, context) =>
    payoutBatchResume(context, { payoutBatchId: uuidInInput('PayoutBatch', payoutBatchId) }),
});
