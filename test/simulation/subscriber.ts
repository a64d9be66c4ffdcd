import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { decodeNodeId } from '../../core/ids.ts';
import { decodeEventCursor } from '../../events/eventCursor.ts';
import type { PersistentClient } from './persistentClient.ts';
import { untilThere } from './withPatience.ts';
import type { World } from './world.ts';

const RECONNECT_DELAY_MS = 100;
const CATCH_UP_TIMEOUT_MS = 60_000;

type Entry = { cursor: string; type: string };
type Told = { readonly number: bigint; readonly type: string };

/** Somebody who watches an organization and, whenever the connection ends, goes on from the last cursor. */
export type Subscriber = {
  readonly organizationId: string;
  /** Waits until as much was told as the log holds. @returns how the two differ; null: every event once, in order */
  compare(): Promise<string | null>;
  stop(): Promise<void>;
};

const EVENTS = /* GraphQL */ `
  subscription Told($organizationId: ID!, $after: EventCursor!) {
    events(organizationId: $organizationId, after: $after) { cursor type }
  }
`;
const POSITION = 'query Position($id: ID!) { organization(id: $id) { eventCursor } }';

/** @param moved told of each event's type; of null when some may have been missed */
export async function subscribe(
  world: World,
  client: PersistentClient,
  organizationId: string,
  moved: (type: string | null) => void,
): Promise<Subscriber> {
  const { uuid } = decodeNodeId(organizationId);
  const { organization } = await client.ask<{ organization: { eventCursor: string } }>(POSITION, {
    id: organizationId,
  });
  let after = organization.eventCursor;
  const start = decodeEventCursor(uuid, after);
  const told: Told[] = [];
  let stopped = false;
  let socket: Client | null = null;

  const listen = async (): Promise<void> => {
    socket = createClient({
      url: `${world.api.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${client.token}` },
    });
    try {
      for await (const { data } of socket.iterate<{ events: Entry }>({
        query: EVENTS,
        variables: { organizationId, after },
      })) {
        if (data == null) continue;
        after = data.events.cursor;
        told.push({ number: decodeEventCursor(uuid, after), type: data.events.type });
        moved(data.events.type);
      }
    } finally {
      await socket.dispose();
    }
  };
  const ended = (async () => {
    while (!stopped) {
      // The API, or its database, is away: it is asked again from the last cursor.
      await listen().catch(() => {});
      moved(null);
      if (!stopped) await delay(RECONNECT_DELAY_MS);
    }
  })();
  return {
    organizationId,
    compare: async () => {
      const logged = await world.sql<{ number: string; type: string }>(
        'select number, type from event where organization_id = $1 and number > $2 order by number',
        [uuid, start.toString()],
      );
      await untilThere('the last event at the subscriber', CATCH_UP_TIMEOUT_MS, async () =>
        told.length >= logged.length ? true : null,
      ).catch(() => {});
      return difference(told, logged);
    },
    stop: async () => {
      stopped = true;
      await socket?.dispose();
      await ended;
    },
  };
}

function difference(
  told: readonly Told[],
  logged: readonly { number: string; type: string }[],
): string | null {
  for (let index = 0; index < Math.max(told.length, logged.length); index += 1) {
    const [heard, written] = [told[index], logged[index]];
    if (heard === undefined) return `event ${written?.number} (${written?.type}) was never told`;
    if (written === undefined)
      return `event ${heard.number} (${heard.type}) was told and is not logged there`;
    if (heard.number !== BigInt(written.number) || heard.type !== written.type) {
      return `place ${index}: told ${heard.number} (${heard.type}), logged ${written.number} (${written.type})`;
    }
  }
  return null;
}
