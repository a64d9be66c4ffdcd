import { NotFoundError } from '../../core/errors.ts';
import { type PayoutBatchUpdate, payoutBatchUpdated } from '../../resolvers/watch/payoutBatchUpdated.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { PayoutBatch, PayoutBatchStatus } from '../payoutBatch/payoutBatch.ts';
import { PayoutProgress } from '../payoutBatch/payoutProgress.ts';
import { PayoutRange } from './payoutRange.ts';
import { readMessage } from './readMessage.ts';
import { stillThere } from './subjectOf.ts';
import { UpdateKind } from './updateKind.ts';

export const PayoutBatchUpdated = builder.objectRef<PayoutBatchUpdate>('PayoutBatchUpdated').implement({
  description: 'A payout batch as of one entry of the event log.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description: 'The position of the entry, or of the snapshot: go on from here after a disconnect.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When the entry was written, or the snapshot taken.',
    }),
    kind: t.expose('kind', { type: UpdateKind, description: 'Why this message was sent.' }),
    status: t.expose('status', {
      type: PayoutBatchStatus,
      description: 'Where the batch stood as of this cursor.',
    }),
    progress: t.expose('progress', {
      type: PayoutProgress,
      description: 'How many of its payouts stood where as of this cursor.',
    }),
    changes: t.expose('changes', {
      type: [PayoutRange],
      description:
        'Which rows have which status since then; empty in a snapshot. Read the rows with `payouts(fromIndex:)`.',
    }),
    payoutBatch: t.field({
      type: PayoutBatch,
      description: 'The batch, as it is now: never older than this cursor.',
      resolve: (update, _args, context) =>
        stillThere(context.loaders.payoutBatch.load(update.payoutBatchId), 'The payout batch'),
    }),
  }),
});

builder.subscriptionField('payoutBatchUpdated', (t) =>
  t.field({
    type: PayoutBatchUpdated,
    description:
      'A payout batch as it stands, then each change of it. Needs READ in the batch’s organization.',
    args: {
      payoutBatchId: t.arg.id({ required: true, description: 'The payout batch.' }),
      after: t.arg({
        type: 'EventCursor',
        description: 'Replay from this position, without a snapshot.',
      }),
    },
    subscribe: (_root, { payoutBatchId, after }, context) => {
      const uuid = readNodeId('PayoutBatch', payoutBatchId);
      if (uuid === null) throw new NotFoundError('The payout batch');
      return payoutBatchUpdated(context, { payoutBatchId: uuid, after: after ?? null });
    },
    resolve: (message) => readMessage(message),
  }),
);
