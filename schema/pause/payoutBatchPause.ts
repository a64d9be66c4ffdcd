import type { UnderWay as Counts } from '../../resolvers/pause/countUnderWay.ts';
import { payoutBatchPause } from '../../resolvers/pause/payoutBatchPause.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from '../payoutBatch/payoutBatch.ts';
import { NOTHING_UNDER_WAY, REASON_DESCRIPTION, REASON_INVALID, underWayField } from './underWay.ts';

const Input = builder.inputType('PayoutBatchPauseInput', {
  description: 'A batch whose payouts are to stop.',
  fields: (t) => ({
    payoutBatchId: t.id({ required: true, description: 'The batch.' }),
    reason: t.string({ required: true, description: REASON_DESCRIPTION }),
  }),
});

type Payload = { payoutBatchId: string | null; underWay: Counts };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchPause', {
  description:
    'Stops a batch for now. Once this has answered, nothing new is signed for it: it is not opened, paid, retried or closed, but as its owners have signed to close it. What was signed before may still pay: `underWay` counts it. A draft can be paused, and submitted and approved meanwhile. Pausing what is paused changes nothing, its reason neither. Needs PAYOUTS_PAUSE.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The batch was not found.',
    REASON_INVALID,
    BATCH_ENDED: 'The batch has ended: there is nothing left to pause.',
  },
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The batch as it is now'),
    underWay: underWayField(t),
  }),
  refused: { payoutBatchId: null, underWay: NOTHING_UNDER_WAY },
  resolve: ({ payoutBatchId, reason }, context) =>
    payoutBatchPause(context, { payoutBatchId: uuidInInput('PayoutBatch', payoutBatchId), reason }),
});
