import { type Exchange, makeOperation, type Operation, type OperationResult } from '@urql/core';
import { filter, make, merge, mergeMap, pipe, takeUntil } from 'wonka';
import type { ConnectionStore } from './connectionState.ts';
import type { ResumingOptions } from './resumingOptions.ts';
import { createResumingStreams, type ResumingStreams } from './resumingStreams.ts';

/** What `resumingExchange` makes: for one urql client. */
export type ResumingExchange = {
  /** For the client's `exchanges`; before or after the one that fetches, which it forwards everything else to. */
  readonly exchange: Exchange;
  /** Where the connection stands, for the app to show. */
  readonly connection: ConnectionStore;
  /** Leaves the socket for a new one, and goes on there: after the app has signed in as somebody, or renewed a token. */
  reconnect(): void;
  /** Ends everything: for an app that makes another client, as for another person. */
  close(): void;
};

/**
 * Subscriptions that go on where they were, over graphql-transport-ws: each message reaches the app once and in order,
 * whatever happens to sockets, networks, servers, laptops and sessions in between. An operation resumes when it
 * declares the variable `after` and its messages have a `cursor`; one that has neither begins anew after a loss.
 *
 * @example
 * const live = resumingExchange({ url: 'wss://bank.example/graphql' });
 * const client = new Client({ url: '/graphql', exchanges: [cacheExchange, live.exchange, fetchExchange] });
 * const state = useSyncExternalStore(live.connection.subscribe, live.connection.getSnapshot);
 *
 * @throws when there is no WebSocket to use
 */
export function resumingExchange(options: ResumingOptions): ResumingExchange {
  if (options.webSocketImpl === undefined && globalThis.WebSocket === undefined) {
    throw new Error('There is no WebSocket here: hand one in as webSocketImpl.');
  }
  const streams = createResumingStreams(options);
  return {
    exchange: exchangeOf(streams),
    connection: streams.connection,
    reconnect: streams.reconnect,
    close: streams.close,
  };
}

function exchangeOf(streams: ResumingStreams): Exchange {
  return ({ client, forward }) =>
    (operations$) => {
      const run = (operation: Operation) =>
        make<OperationResult>(({ next, complete }) =>
          streams.run(operation, {
            next,
            ended: () => {
              // Without a teardown the client believes that it still runs.
              client.reexecuteOperation(makeOperation('teardown', operation, operation.context));
              complete();
            },
          }),
        );
      const results$ = pipe(
        operations$,
        // One that is executed again while it runs has nothing to begin: it would tell everything twice.
        filter(({ kind, key }) => kind === 'subscription' && !streams.has(key)),
        mergeMap((operation) =>
          pipe(
            run(operation),
            takeUntil(
              pipe(
                operations$,
                filter(({ kind, key }) => kind === 'teardown' && key === operation.key),
              ),
            ),
          ),
        ),
      );
      const forwarded$ = forward(
        pipe(
          operations$,
          filter(({ kind }) => kind !== 'subscription'),
        ),
      );
      return merge([results$, forwarded$]);
    };
}
