import { Client, cacheExchange, fetchExchange, mapExchange, type Operation } from '@urql/core';
import { LiveHeadDocument } from '../generated/live/events.ts';
import { lastKnownExchange } from '../offline/lastKnownExchange.ts';
import { type ResumingExchange, resumingExchange } from '../resuming/resumingExchange.ts';
import { noteNewVersion } from './newVersion.ts';

const GRAPHQL_PATH = '/graphql';

export type ApiClient = {
  client: Client;
  resuming: ResumingExchange;
  /** From now on no answer is kept in the browser, not even one that is on its way. */
  keepNothing(): void;
};

/**
 * The one connection to the API: answers are cached by document, kept for the time without a network, and subscriptions
 * resume where they were. Nothing is ever shown that the server did not say.
 * @param options.onUnauthenticated called once, when the server no longer knows the session
 */
export function createApiClient(options: {
  userId: string | null;
  onUnauthenticated: () => void;
}): ApiClient {
  const socketUrl = new URL(GRAPHQL_PATH, location.href);
  socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  let isEnded = false;
  const end = () => {
    // What comes later may come after another sign-in.
    if (isEnded) return;
    isEnded = true;
    options.onUnauthenticated();
  };
  const resuming = resumingExchange({
    url: socketUrl.href,
    persisted: (document) => (document as { documentId?: string }).documentId,
    // A cookie cannot be renewed by a script: the person signs in again.
    onUnauthenticated: async () => {
      end();
      return false;
    },
    // One message: a loss right after it resumes there.
    isWholeSnapshot: (data) => 'payoutBatchUpdated' in data,
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
          noteNewVersion(error?.graphQLErrors ?? []);
          // Of a stream, and of a session that is ended, whoever asked is told.
          if (operation.kind === 'subscription' || operation.context.isSessionEnding === true) return;
          if (error?.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) {
            end();
          }
        },
      }),
      resuming.exchange,
      cacheExchange,
      lastKnownExchange({ owner: () => (isEnded ? null : options.userId) }),
      fetchExchange,
    ],
  });
  return {
    client,
    resuming,
    keepNothing: () => {
      isEnded = true;
    },
  };
}

/** The newest cursor of the log that a stream follows; null for one that follows another thing than an organization. */
async function readHead(client: Client, { variables }: Operation): Promise<string | null> {
  const { organizationId } = (variables ?? {}) as { organizationId?: string };
  if (organizationId === undefined) return null;
  const context = { requestPolicy: 'network-only', lastKnown: false } as const;
  const { data } = await client.query(LiveHeadDocument, { organizationId }, context).toPromise();
  return data?.organization?.eventCursor ?? null;
}
