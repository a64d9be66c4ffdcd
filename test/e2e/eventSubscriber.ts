import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { decodeEventCursor } from '../../events/eventCursor.ts';
import type { TestStack } from './stack.ts';
import { until } from './until.ts';
import { organizationUuid, signInAs } from './viewer.ts';

type Entry = { cursor: string; type: string };
/** What a subscriber was told of, by its number in the log. */
export type ToldEvent = { number: bigint; type: string };

/** Somebody who watches the demonstration organization and, whenever the connection ends, goes on from their cursor. */
export type EventSubscriber = {
  /** In the order of arrival, since the subscription began. */
  told: readonly ToldEvent[];
  /** How often the connection had to be made. */
  connections(): number;
  /** Waits until everything that is in the log now has been told. @returns the log since the subscription began */
  catchUp(): Promise<ToldEvent[]>;
  stop(): Promise<void>;
};

const EVENTS = /* GraphQL */ `
  subscription Told($organizationId: ID!, $after: EventCursor!) {
    events(organizationId: $organizationId, after: $after) { cursor type }
  }
`;
const POSITION = /* GraphQL */ `
  query Position($id: ID!) { organization(id: $id) { eventCursor } }
`;

export async function followEvents(stack: TestStack): Promise<EventSubscriber> {
  const { organizationId } = stack.stack.demo;
  const uuid = organizationUuid(stack);
  const viewer = await signInAs(stack, 0);
  const { organization } = await viewer.request<{ organization: { eventCursor: string } }>(POSITION, {
    id: organizationId,
  });
  const told: ToldEvent[] = [];
  const start = decodeEventCursor(uuid, organization.eventCursor);
  let after = organization.eventCursor;
  let connections = 0;
  let stopped = false;
  const connection: { client: Client | null } = { client: null };
  let failure: unknown = null;

  async function listen(): Promise<void> {
    connections += 1;
    const client = createClient({
      url: `${stack.stack.api.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${viewer.token}` },
    });
    connection.client = client;
    const variables = { organizationId, after };
    for await (const { data, errors } of client.iterate<{ events: Entry }>({ query: EVENTS, variables })) {
      if (errors !== undefined) throw new Error(`The subscription ended: ${JSON.stringify(errors)}`);
      if (data === null || data === undefined) continue;
      after = data.events.cursor;
      told.push({ number: decodeEventCursor(uuid, after), type: data.events.type });
    }
  }

  const ended = (async () => {
    while (!stopped) {
      try {
        await until('the API to listen', async () => stopped || (await isListening(stack.stack.api)));
        await listen();
      } catch (error) {
        // A lost connection arrives as its close event; anything else is the server's word.
        if (error instanceof Error || Array.isArray(error)) failure = error;
        if (failure !== null) return;
      } finally {
        await connection.client?.dispose();
      }
    }
  })();

  return {
    told,
    connections: () => connections,
    catchUp: async () => {
      const logged = await stack.sql<{ number: string; type: string }>(
        'select number, type from event where organization_id = $1 and number > $2 order by number',
        [uuid, start.toString()],
      );
      await until('the subscriber to hear everything', async () => {
        if (failure !== null) throw failure;
        return told.length >= logged.length;
      });
      return logged.map(({ number, type }) => ({ number: BigInt(number), type }));
    },
    stop: async () => {
      stopped = true;
      await connection.client?.dispose();
      await ended;
    },
  };
}

async function isListening(api: string): Promise<boolean> {
  return fetch(`${api}/health`).then(
    () => true,
    () => false,
  );
}
