import { Client, cacheExchange, fetchExchange, mapExchange } from '@urql/core';
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
  });
  const client = new Client({
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
