import { NotFoundError } from '../../core/errors.ts';
import { type TransferUpdate, transferUpdated } from '../../resolvers/watch/transferUpdated.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { Transfer } from '../transfer/transfer.ts';
import { readMessage } from './readMessage.ts';
import { stillThere } from './subjectOf.ts';
import { UpdateKind } from './updateKind.ts';

export const TransferUpdated = builder.objectRef<TransferUpdate>('TransferUpdated').implement({
  description: 'A transfer, because of one entry of the event log.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'EventCursor',
      description:
        'The position of the entry, or of the snapshot: go on from here after a disconnect. All messages of one snapshot have the same.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When the entry was written, or the snapshot taken.',
    }),
    kind: t.expose('kind', { type: UpdateKind, description: 'Why this message was sent.' }),
    transfer: t.field({
      type: Transfer,
      description: 'The transfer, as it is now: never older than this cursor.',
      resolve: (update, _args, context) =>
        stillThere(context.loaders.transfer.load(update.transferId), 'The transfer'),
    }),
  }),
});

builder.subscriptionField('transferUpdated', (t) =>
  t.field({
    type: TransferUpdated,
    description:
      'Each transfer of an account that is INCLUDED or CONFIRMED, one message each, then every change of any of its transfers. Needs READ in the account’s organization.',
    args: {
      accountId: t.arg.id({ required: true, description: 'The account.' }),
      after: t.arg({
        type: 'EventCursor',
        description: 'Replay from this position, without a snapshot.',
      }),
    },
    subscribe: (_root, { accountId, after }, context) => {
      const uuid = readNodeId('Account', accountId);
      if (uuid === null) throw new NotFoundError('The account');
      return transferUpdated(context, { accountId: uuid, after: after ?? null });
    },
    resolve: (message) => readMessage(message),
  }),
);
