import { Client, fetchExchange, gql, type OperationResult, type TypedDocumentNode } from '@urql/core';
import { afterEach, beforeEach, expect } from 'vitest';
import { pipe, subscribe } from 'wonka';
import { WebSocket } from 'ws';
import { type FaultProxy, startFaultProxy } from './faultProxy.testkit.ts';
import { type LogServer, startLogServer } from './logServer.testkit.ts';
import { type ResumingExchange, resumingExchange } from './resumingExchange.ts';
import type { ResumingOptions } from './resumingOptions.ts';

export const ENTRIES = gql`subscription Entries($after: String) { entries(after: $after) { cursor kind occurredAt number } }`;
/** So that a retry is quick, and a wait that must not end by itself does not. */
const QUICK = { firstRetryDelayMs: 5, maxRetryDelayMs: 40, lingerMs: 10, caughtUpQuietMs: 150 };

export type Follower = {
  numbers: number[];
  results: OperationResult[];
  errors: string[];
  isEnded: boolean;
  stop(): void;
};

/** A log behind a proxy that breaks connections, new for each test of a file. What follows it is stopped after the test. */
export function eachTestHasLog() {
  let server: LogServer;
  let proxy: FaultProxy;
  const running: (() => void)[] = [];
  beforeEach(async () => {
    server = await startLogServer();
    proxy = await startFaultProxy(() => server.port);
  });
  afterEach(async () => {
    for (const stop of running.splice(0)) stop();
    await expect.poll(() => server.streams()).toBe(0);
    await proxy.close();
    await server.stop();
  });
  return {
    get server() {
      return server;
    },
    get proxy() {
      return proxy;
    },
    /** Stops after the test. */
    running,
    fromStart: () => ({ after: server.cursorOf(0) }),
    /** A client of the log, through the proxy. */
    setUp(options: Partial<ResumingOptions> = {}) {
      const states: string[] = [];
      const behinds: number[] = [];
      const live = resumingExchange({
        url: `ws://127.0.0.1:${proxy.port}`,
        webSocketImpl: WebSocket,
        onStateChange: ({ kind, behind }) => {
          if (behind === undefined) states.push(kind);
          else behinds.push(behind);
        },
        ...options,
        timing: { ...QUICK, ...options.timing },
      });
      const client = new Client({ url: 'http://127.0.0.1:9/', exchanges: [live.exchange, fetchExchange] });
      const start = (query = ENTRIES, variables: Record<string, unknown> = {}) => {
        const follower = follow(client, query, variables);
        running.push(follower.stop);
        return follower;
      };
      return { live, states, behinds, client, follow: start };
    },
  };
}

function follow(client: Client, query: TypedDocumentNode, variables: Record<string, unknown>): Follower {
  const follower: Follower = { numbers: [], results: [], errors: [], isEnded: false, stop: () => {} };
  const { unsubscribe } = pipe(
    client.subscription(query, variables),
    subscribe((result: OperationResult) => {
      follower.results.push(result);
      const [root] = Object.values((result.data ?? {}) as Record<string, { number: number } | null>);
      if (root != null) follower.numbers.push(root.number);
      for (const { extensions, message } of result.error?.graphQLErrors ?? []) {
        follower.errors.push(`${extensions.code ?? message}`);
      }
      follower.isEnded = !result.hasNext;
    }),
  );
  follower.stop = unsubscribe;
  return follower;
}

/** The numbers of the first so many entries. */
export const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
export const kindOf = (live: ResumingExchange) => live.connection.getSnapshot().kind;
