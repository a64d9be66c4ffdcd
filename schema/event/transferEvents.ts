import { builder } from '../builder.ts';
import { Transfer } from '../transfer/transfer.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

type AnyTransferEvent = EventOf<'TRANSFER_INCLUDED' | 'TRANSFER_CONFIRMED' | 'TRANSFER_REORGED'>;

export const TransferEvent = builder.interfaceRef<AnyTransferEvent>('TransferEvent').implement({
  description: 'An entry about a transfer of an account.',
  interfaces: [Event],
  fields: (t) => ({
    transfer: t.field({
      type: Transfer,
      description: 'The transfer, as it is now: never older than this entry.',
      resolve: (event, _args, context) =>
        stillThere(context.loaders.transfer.load(event.subjectId), 'The transfer'),
    }),
  }),
});

builder.objectRef<EventOf<'TRANSFER_INCLUDED'>>('TransferIncluded').implement({
  description: 'Money moved in or out of an account, in a block that may be taken back.',
  interfaces: [Event, TransferEvent],
});

builder.objectRef<EventOf<'TRANSFER_CONFIRMED'>>('TransferConfirmed').implement({
  description: 'A transfer has as many blocks on top as its chain asks for.',
  interfaces: [Event, TransferEvent],
});

builder.objectRef<EventOf<'TRANSFER_REORGED'>>('TransferReorged').implement({
  description: 'A reorganization of the chain took a transfer back.',
  interfaces: [Event, TransferEvent],
});
