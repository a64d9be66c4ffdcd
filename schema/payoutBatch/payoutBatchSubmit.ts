import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from './payoutBatch.ts';

const Input = builder.inputType('PayoutBatchSubmitInput', {
  description: 'A draft to be approved.',
  fields: (t) => ({
    payoutBatchId: t.id({ required: true, description: 'The batch.' }),
    openWindowSeconds: t.int({
      description:
        'How long approvers have; past it the chain refuses to open the batch. 7 days unless said.',
    }),
    closeDelaySeconds: t.int({
      description:
        'How long after that anyone may close the batch’s vault although it still owes. 7 days unless said.',
    }),
  }),
});

type Payload = { payoutBatchId: string | null };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchSubmit', {
  description:
    'Asks the account’s owners to approve a draft. Submitting what was submitted changes nothing. Needs BATCH_SUBMIT.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The batch was not found.',
    BATCH_CANCELLED: 'The draft was cancelled.',
    ACCOUNT_UNSAFE: 'The account’s Safe has faults (`Account.safe`): nothing is paid from it.',
    TOO_MANY_LIVE_APPROVALS: 'As many approvals of the account are under way as can be.',
    OPEN_WINDOW_OUT_OF_RANGE: 'The time for approving is too short or too long.',
    CLOSE_DELAY_OUT_OF_RANGE: 'The time before anyone may close is too long.',
  },
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The batch as it is now'),
  }),
  refused: { payoutBatchId: null },
  resolve: (input, context) =>
    payoutBatchSubmit(context, {
      payoutBatchId: uuidInInput('PayoutBatch', input.payoutBatchId),
      openWindowSeconds: input.openWindowSeconds ?? null,
      closeDelaySeconds: input.closeDelaySeconds ?? null,
    }),
});
