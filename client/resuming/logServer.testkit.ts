import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const schema = buildSchema(/* GraphQL */ `
  type Entry { cursor: String, kind: String, occurredAt: String, number: Int }
  type Query { nothing: Int }
  type Subscription {
    entries(after: String): Entry
    state(after: String): Entry
    fails(code: String!): Entry
  }
`);

type Entry = { cursor: string; kind: string; occurredAt: string; number: number };

/** A log with subscriptions that speak as the API's do, over a real WebSocket. */
export type LogServer = {
  readonly port: number;
  /** Writes so many entries, numbered from 1. */
  append(count: number): void;
  /** The cursor of an entry; 0: before the first. */
  cursorOf(number: number): string;
  /** Entries up to this one are kept no more. */
  prune(upTo: number): void;
  /** Ends sessions: streams of other tokens are told so. */
  accept(...tokens: string[]): void;
  /** The next so many streams are refused with this code. */
  refuse(code: string, count: number): void;
  /** Streams replay so many entries more than they were asked for. */
  rewind(count: number): void;
  /** Streams that run now. */
  streams(): number;
  connections(): number;
  /** What was asked for, as it came. */
  readonly asked: { query: string; variables: Record<string, unknown>; extensions: unknown }[];
  /** The tokens that connections brought. */
  readonly tokens: unknown[];
  stop(): Promise<void>;
  /** On the same port, with the same log. */
  start(): Promise<void>;
};

export async function startLogServer(): Promise<LogServer> {
  const log: Entry[] = [];
  const secret = Math.random().toString(36).slice(2);
  const cursorOf = (number: number) => Buffer.from(`${secret}:${number}`).toString('base64url');
  const waiting = new Set<() => void>();
  const asked: LogServer['asked'] = [];
  const tokens: unknown[] = [];
  let accepted: string[] | null = null;
  let pruned = 0;
  let rewound = 0;
  let refusals: string[] = [];
  let running = 0;
  let port = 0;
  let stopNow = async () => {};
  let sockets = new WebSocketServer({ noServer: true });
  const wake = () => {
    for (const go of [...waiting]) go();
  };

  function moved(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        waiting.delete(go);
        resolve();
      };
      waiting.add(go);
    });
  }

  async function* follow(
    field: string,
    { after, token, signal }: { after: string | null; token: unknown; signal: AbortSignal },
  ): AsyncGenerator<Record<string, unknown>, void, undefined> {
    running += 1;
    try {
      // As the API does: the last message of a stream is its error.
      const failWith = (code: string, more = {}) => ({
        [field]: () => {
          throw new GraphQLError(code, { extensions: { code, ...more } });
        },
      });
      const refusal = refusals.shift();
      if (refusal !== undefined) return yield failWith(refusal);
      let position = after === null ? log.length : log.findIndex(({ cursor }) => cursor === after) + 1;
      if (after !== null && position === 0 && after !== cursorOf(0)) return yield failWith('CURSOR_INVALID');
      position = Math.max(0, position - rewound);
      if (after === null && field === 'state') {
        for (const number of [1, 2, 3]) {
          yield {
            [field]: { cursor: cursorOf(position), kind: 'SNAPSHOT', occurredAt: null, number: -number },
          };
        }
      }
      while (!signal.aborted) {
        if (accepted !== null && !accepted.includes(`${token}`)) return yield failWith('UNAUTHENTICATED');
        if (position < pruned) return yield failWith('CURSOR_EXPIRED', { oldest: cursorOf(pruned) });
        const entry = log[position];
        if (entry === undefined) await moved();
        else {
          position += 1;
          yield { [field]: entry };
        }
      }
    } finally {
      running -= 1;
    }
  }

  async function start(): Promise<void> {
    const server = createServer();
    sockets = new WebSocketServer({ server });
    const disposable = useServer(
      {
        schema,
        onConnect: ({ connectionParams }) => {
          tokens.push(connectionParams?.token);
        },
        onSubscribe: (_context, _id, { query, variables, extensions }) => {
          asked.push({ query, variables: { ...variables }, extensions });
          return query === '' ? [new GraphQLError('It keeps no documents.')] : undefined;
        },
        context: ({ connectionParams }) => ({ token: connectionParams?.token }),
        roots: {
          subscription: {
            entries: ({ after }: { after?: string }, { token }: { token: unknown }) =>
              endable('entries', after ?? null, token),
            state: ({ after }: { after?: string }, { token }: { token: unknown }) =>
              endable('state', after ?? null, token),
            fails: ({ code }: { code: string }) => {
              throw new GraphQLError(code, { extensions: { code } });
            },
          },
        },
      },
      sockets,
    );
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    stopNow = async () => {
      stopNow = async () => {};
      for (const socket of sockets.clients) socket.terminate();
      await disposable.dispose();
      server.close();
    };
  }
  /** Ends when it is asked to, also while it waits. */
  function endable(field: string, after: string | null, token: unknown) {
    const end = new AbortController();
    const stream = follow(field, { after, token, signal: end.signal });
    return Object.assign(stream, {
      return: () => {
        end.abort();
        wake();
        return Object.getPrototypeOf(stream).return.call(stream);
      },
    });
  }

  await start();
  return {
    get port() {
      return port;
    },
    append(count) {
      for (let i = 0; i < count; i += 1) {
        const number = log.length + 1;
        const occurredAt = new Date().toISOString();
        log.push({ cursor: cursorOf(number), kind: 'CHANGED', occurredAt, number });
      }
      wake();
    },
    cursorOf,
    prune(upTo) {
      pruned = upTo;
      wake();
    },
    accept(...list) {
      accepted = list;
      wake();
    },
    rewind(count) {
      rewound = count;
    },
    refuse(code, count) {
      refusals = Array.from({ length: count }, () => code);
    },
    streams: () => running,
    connections: () => sockets.clients.size,
    asked,
    tokens,
    stop: () => stopNow(),
    start,
  };
}
