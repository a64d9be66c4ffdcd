import { builder } from '../builder.ts';
import { PayoutBatch, PayoutBatchStatus } from '../payoutBatch/payoutBatch.ts';
import { PayoutProgress } from '../payoutBatch/payoutProgress.ts';
import { Event, type EventOf } from './event.ts';
import { PayoutRange } from './payoutRange.ts';
import { stillThere } from './subjectOf.ts';

type BatchEvent = EventOf<
  | 'PAYOUT_BATCH_CREATED'
  | 'PAYOUT_BATCH_STATUS_CHANGED'
  | 'PAYOUTS_CHANGED'
  | 'PAYOUTS_REORGED'
  | 'PAYOUT_BATCH_PAUSED'
  | 'PAYOUT_BATCH_RESUMED'
>;

export const PayoutBatchEvent = builder.interfaceRef<BatchEvent>('PayoutBatchEvent').implement({
  description: 'An entry about a payout batch.',
  interfaces: [Event],
  fields: (t) => ({
    payoutBatch: t.field({
      type: PayoutBatch,
      description: 'The batch, as it is now: never older than this entry.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.payoutBatch.load(event.subjectId), 'The payout batch'),
    }),
    status: t.field({
      type: PayoutBatchStatus,
      description: 'Where the batch stood as of this entry.',
      resolve: (event) => event.payload.status,
    }),
    progress: t.field({
      type: PayoutProgress,
      description: 'How many of its payouts stood where as of this entry.',
      resolve: (event) => event.payload.progress,
    }),
  }),
});

builder.objectRef<EventOf<'PAYOUT_BATCH_CREATED'>>('PayoutBatchCreated').implement({
  description: 'A payout batch was made.',
  interfaces: [Event, PayoutBatchEvent],
});

builder.objectRef<EventOf<'PAYOUT_BATCH_STATUS_CHANGED'>>('PayoutBatchStatusChanged').implement({
  description: 'A payout batch has another status.',
  interfaces: [Event, PayoutBatchEvent],
  fields: (t) => ({
    previousStatus: t.field({
      type: PayoutBatchStatus,
      description: 'The status that it had before.',
      resolve: (event) => event.payload.previousStatus,
    }),
  }),
});

builder.objectRef<EventOf<'PAYOUTS_CHANGED'>>('PayoutsChanged').implement({
  description: 'Payouts of a batch have another status.',
  interfaces: [Event, PayoutBatchEvent],
  fields: (t) => ({
    changes: t.field({
      type: [PayoutRange],
      description: 'Which rows have which status since then.',
      resolve: (event) => event.payload.changes,
    }),
  }),
});

builder.objectRef<EventOf<'PAYOUTS_REORGED'>>('PayoutsReorged').implement({
  description:
    'A reorganization of the chain took blocks back, and with them statuses of payouts. They are told again when they are back.',
  interfaces: [Event, PayoutBatchEvent],
  fields: (t) => ({
    changes: t.field({
      type: [PayoutRange],
      description: 'Which rows are back at which status.',
      resolve: (event) => event.payload.changes,
    }),
  }),
});
