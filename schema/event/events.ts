import { NotFoundError } from '../../core/errors.ts';
import { events } from '../../resolvers/watch/events.ts';
import { builder } from '../builder.ts';
import { readNodeId } from '../nodeId.ts';
import { Event } from './event.ts';
import { EventType } from './eventType.ts';
import { readMessage } from './readMessage.ts';

builder.subscriptionField('events', (t) =>
  t.field({
    type: Event,
    description:
      'The entries of an organization’s event log as they are written; with `after`, those since then first. There is no snapshot: without `after` it begins with what comes next, and `Organization.eventCursor` is where a state that was read before ends. Needs READ in the organization.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The organization.' }),
      after: t.arg({ type: 'EventCursor', description: 'Replay from this position first.' }),
      types: t.arg({ type: [EventType], description: 'Only entries of these types.' }),
    },
    subscribe: (_root, { organizationId, after, types }, context) => {
      const uuid = readNodeId('Organization', organizationId);
      if (uuid === null) throw new NotFoundError('The organization');
      return events(context, { organizationId: uuid, after: after ?? null, types: types ?? null });
    },
    resolve: (message) => readMessage(message),
  }),
);
