import { listEvents } from '../../resolvers/event/listEvents.ts';
import { builder } from '../builder.ts';
import { connectionOf } from '../connection.ts';
import { Organization } from '../organization/organization.ts';
import { Event } from './event.ts';
import { EventType } from './eventType.ts';

export const EventConnection = builder.connectionObject(
  { type: Event, name: 'EventConnection', description: 'One page of an event log.' },
  {
    name: 'EventEdge',
    description: 'An entry of the log. Its cursor is the entry’s own: subscriptions take it, too.',
  },
);

builder.objectField(Organization, 'events', (t) =>
  t.connection(
    {
      type: Event,
      description:
        'The organization’s event log, oldest entry first: the same that subscriptions follow. Cursors of this list are event cursors; one whose following entries are no longer kept is answered with CURSOR_EXPIRED and `oldest`. Needs READ.',
      args: {
        types: t.arg({ type: [EventType], description: 'Only entries of these types.' }),
      },
      resolve: async (organization, { types, ...page }, context) =>
        connectionOf(await context.loaders.page(listEvents, organization.id, page, { types: types ?? null })),
    },
    EventConnection,
  ),
);
