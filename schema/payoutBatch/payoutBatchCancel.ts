import { type Stoppage as Counts, payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { builder } from '../builder.ts';
import { changedObject } from '../changedObject.ts';
import { addMutation } from '../mutation.ts';
import { uuidInInput } from '../nodeId.ts';
import { PayoutBatch } from './payoutBatch.ts';

const Input = builder.inputType('PayoutBatchCancelInput', {
  description: 'A batch to be stopped.',
  fields: (t) => ({ payoutBatchId: t.id({ required: true, description: 'The batch.' }) }),
});

const Stoppage = builder.objectRef<Counts>('Stoppage').implement({
  description: 'How many payouts of a batch a cancellation stops. The three add up to `payoutCount`.',
  fields: (t) => ({
    stoppedCount: t.exposeInt('stoppedCount', {
      description:
        'Payouts that are not paid, and will not be. Should the owners sign the same transaction elsewhere all the same, the chain has the last word until the time to open is over.',
    }),
    undecidedCount: t.exposeInt('undecidedCount', {
      description:
        'Payouts that are not paid and can still be. CANCELLING: enough owners have signed, so the chain may open the batch until its nonce is used or its time is over, by a transaction that is under way already or by anybody. EXECUTING: nothing more is sent from here while the owners are asked to close it; they are stopped once that close is in a final block, and until then anybody with the manifest can pay them.',
    }),
    unstoppableCount: t.exposeInt('unstoppableCount', {
      description:
        'Payouts that are paid in a block, or whose signed transaction is under way: it pays them unless the close comes before it.',
    }),
  }),
});

const NOTHING: Counts = { stoppedCount: 0, undecidedCount: 0, unstoppableCount: 0 };

type Payload = { payoutBatchId: string | null; stoppage: Counts };

addMutation<typeof Input.$inferInput, Payload>('payoutBatchCancel', {
  description:
    'Stops a batch as far as it can still be stopped, and says so by its status: CANCELLED before the threshold of signatures, CANCELLING after it; what is open on chain asks for an approval of its own (PAYOUT_CLOSE), and sends no more payouts until the owners decide. What was APPROVED holds its nonce while it is CANCELLING, and every later approval of the account waits, until something else uses that nonce (a rejection in the Safe’s own tools) or `openBy` passes: `blocker` says so. `stoppage` counts what is stopped and what no longer can be. Cancelling again changes nothing. Needs BATCH_CANCEL.',
  input: Input,
  errorCodes: {
    NOT_FOUND: 'The batch was not found.',
    BATCH_ENDED: 'The batch has ended already.',
    NOTHING_OWED: 'Every payout is delivered: there is nothing left to stop.',
    TOO_MANY_LIVE_APPROVALS: 'As many approvals of the account are under way as can be.',
  },
  payloadFields: (t) => ({
    payoutBatch: changedObject(t, 'payoutBatch', PayoutBatch, 'The batch as it is now'),
    stoppage: t.expose('stoppage', {
      type: Stoppage,
      description:
        'How many of its payouts are stopped, and how many cannot be; all 0 when the request was refused.',
    }),
  }),
  refused: { payoutBatchId: null, stoppage: NOTHING },
  resolve: (input, context) =>
    payoutBatchCancel(context, {
      payoutBatchId: uuidInInput('PayoutBatch', input.payoutBatchId),
    }),
});
