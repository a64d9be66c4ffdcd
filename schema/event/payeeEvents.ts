import { builder } from '../builder.ts';
import { Actor, actorOf } from '../organization/actor.ts';
import { Payee } from '../payee/payee.ts';
import { PayeeDestination } from '../payee/payeeDestination.ts';
import { Event, type EventOf } from './event.ts';
import { stillThere } from './subjectOf.ts';

const PayeeEvent = builder
  .interfaceRef<EventOf<'PAYEE_CREATED' | 'PAYEE_UPDATED' | 'PAYEE_ARCHIVED'>>('PayeeEvent')
  .implement({
    description: 'An entry about a payee: what it became, and who made it so.',
    interfaces: [Event],
    fields: (t) => ({
      payee: t.field({
        type: Payee,
        description: 'The payee, as it is now.',
        resolve: (event, _args, context) =>
          stillThere(context.loaders.payee.load(event.subjectId), 'The payee'),
      }),
      name: t.string({
        description: 'What it was called as of this entry.',
        resolve: ({ payload }) => payload.name,
      }),
      reference: t.string({
        description: 'What it was known as in files as of this entry.',
        resolve: ({ payload }) => payload.reference,
      }),
      destinations: t.field({
        type: [PayeeDestination],
        description: 'Where it was paid as of this entry.',
        resolve: ({ payload }) => payload.destinations,
      }),
      changedBy: t.field({
        type: Actor,
        description: 'Who did it.',
        resolve: ({ payload }, _args, context) => actorOf(payload.byUserId, context),
      }),
    }),
  });

builder.objectRef<EventOf<'PAYEE_CREATED'>>('PayeeCreated').implement({
  description: 'Somebody was put into the address book.',
  interfaces: [Event, PayeeEvent],
});

builder.objectRef<EventOf<'PAYEE_UPDATED'>>('PayeeUpdated').implement({
  description: 'A payee has another name, another reference or other destinations.',
  interfaces: [Event, PayeeEvent],
});

builder.objectRef<EventOf<'PAYEE_ARCHIVED'>>('PayeeArchived').implement({
  description: 'A payee was taken out of the address book.',
  interfaces: [Event, PayeeEvent],
});
