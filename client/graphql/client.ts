import { Client, cacheExchange, fetchExchange, mapExchange, type Operation } from '@urql/core';
import { LiveHeadDocument } from '../generated/live/events.ts';
import { lastKnownExchange } from '../offline/lastKnownExchange.ts';
import { type ResumingExchange, resumingExchange } from '../resuming/resumingExchange.ts';

const GRAPHQL_PATH = '/graphql';

export type ApiClient = { client: Client; resuming: ResumingExchange };

/**
 * The one connection to the API: answers are cached by document, kept for the time without a network, and subscriptions
 * resume where they were. Nothing is ever shown that the server did not say.
 * @param options.onUnauthenticated called when the server no longer knows the session
 */
export function createApiClient(options: {
  userId: string | null;
  onUnauthenticated: () => void;
}): ApiClient {
  const socketUrl = new URL(GRAPHQL_PATH, location.href);
  socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const resuming = resumingExchange({
    url: socketUrl.href,
    persisted: (document) => (document as { documentId?: string }).documentId,
    // A cookie cannot be renewed by a script: the person signs in again.
    onUnauthenticated: async () => {
      options.onUnauthenticated();
      return false;
    },
    // Exact: the stream is live once it has told what stood last in the log as it was connected.
    head: (operation) => readHead(client, operation),
    // Screens ask everything again, and the stream goes on where the log stands by then.
    onCursorLost: async ({ operation }) => {
      const after = await readHead(client, operation);
      return after === null ? null : { after };
    },
  });
  const client: Client = new Client({
    url: GRAPHQL_PATH,
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { credentials: 'same-origin', headers: { 'GraphQL-Require-Preflight': '1' } },
    exchanges: [
      mapExchange({
        onResult: ({ error, operation }) => {
          if (operation.kind === 'subscription') return;
          if (error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) {
            options.onUnauthenticated();
          }
        },
      }),
      resuming.exchange,
      cacheExchange,
      lastKnownExchange({ owner: options.userId }),
      fetchExchange,
    ],
  });
  return { client, resuming };
}

/** The newest cursor of the log that a stream follows; null for one that follows another thing than an organization. */
async function readHead(client: Client, { variables }: Operation): Promise<string | null> {
  const { organizationId } = (variables ?? {}) as { organizationId?: string };
  if (organizationId === undefined) return null;
  const context = { requestPolicy: 'network-only', lastKnown: false } as const;
  const { data } = await client.query(LiveHeadDocument, { organizationId }, context).toPromise();
  return data?.organization?.eventCursor ?? null;
}
