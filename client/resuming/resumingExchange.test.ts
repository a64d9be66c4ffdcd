import {
  Client,
  createRequest,
  fetchExchange,
  gql,
  type Operation,
  type OperationResult,
  type TypedDocumentNode,
} from '@urql/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { empty, makeSubject, pipe, subscribe } from 'wonka';
import { WebSocket } from 'ws';
import { type FaultProxy, startFaultProxy } from './faultProxy.testkit.ts';
import { type LogServer, startLogServer } from './logServer.testkit.ts';
import { type ResumingExchange, resumingExchange } from './resumingExchange.ts';
import type { ResumingOptions } from './resumingOptions.ts';
import { REFUSALS_UNTIL_TOLD } from './timing.ts';

const ENTRIES = gql`subscription Entries($after: String) { entries(after: $after) { cursor kind occurredAt number } }`;
const STATE = gql`subscription State($after: String) { state(after: $after) { cursor kind number } }`;
const FAILS = gql`subscription Fails($code: String!) { fails(code: $code) { cursor } }`;
/** So that a retry is quick, and a wait that must not end by itself does not. */
const QUICK = { firstRetryDelayMs: 5, maxRetryDelayMs: 40, lingerMs: 10, caughtUpQuietMs: 150 };
const NEVER_MS = 60_000;

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

type Follower = {
  numbers: number[];
  results: OperationResult[];
  errors: string[];
  isEnded: boolean;
  stop(): void;
};

function setUp(options: Partial<ResumingOptions> = {}) {
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
  return {
    live,
    states,
    behinds,
    client,
    follow: (query = ENTRIES, variables: Record<string, unknown> = {}) => follow(client, query, variables),
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
  running.push(unsubscribe);
  return follower;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const fromStart = () => ({ after: server.cursorOf(0) });
const kindOf = (live: ResumingExchange) => live.connection.getSnapshot().kind;

describe('one connection', () => {
  test('carries all subscriptions, each of its own position, and closes after the last', async () => {
    server.append(3);
    const { live, states, follow } = setUp();
    expect(kindOf(live)).toBe('IDLE');
    const all = follow(ENTRIES, fromStart());
    const last = follow(ENTRIES, { after: server.cursorOf(2) });
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    server.append(1);
    await expect.poll(() => [all.numbers, last.numbers]).toEqual([upTo(4), [3, 4]]);
    expect(server.connections()).toBe(1);
    all.stop();
    await expect.poll(() => server.streams()).toBe(1);
    expect(kindOf(live)).toBe('LIVE');
    last.stop();
    expect(kindOf(live)).toBe('IDLE');
    await expect.poll(() => [server.streams(), server.connections()]).toEqual([0, 0]);
    expect(states).toEqual(['CONNECTING', 'CATCHING_UP', 'LIVE', 'IDLE']);
  });

  test('an operation that is executed again while it runs tells nothing twice', async () => {
    const { live, client, follow } = setUp();
    const operation = client.createRequestOperation('subscription', createRequest(ENTRIES, fromStart()));
    const { source, next } = makeSubject<Operation>();
    const numbers: number[] = [];
    const { unsubscribe } = pipe(
      live.exchange({ client, forward: () => empty, dispatchDebug: () => {} })(source),
      subscribe(({ data }) => numbers.push(data.entries.number)),
    );
    running.push(unsubscribe);
    next(operation);
    await expect.poll(() => server.streams()).toBe(1);
    next(operation);
    // What would have been asked again, would have been asked before this.
    const other = follow(ENTRIES, { ...fromStart(), more: 1 });
    server.append(2);
    await expect.poll(() => [numbers, other.numbers]).toEqual([upTo(2), upTo(2)]);
    expect(server.asked).toHaveLength(2);
  });

  test('everything else is forwarded', async () => {
    const { client } = setUp();
    const { error } = await client.query(gql`{ nothing }`, {}).toPromise();
    expect(error?.networkError).toBeDefined();
    expect(proxy.accepted()).toBe(0);
  });

  test('documents go by their hash', async () => {
    const persisted = gql`subscription Entries($after: String) { entries(after: $after) { cursor number } }`;
    Object.assign(persisted, { __meta__: { hash: 'abc' } });
    const { follow } = setUp({ persisted: true });
    follow(persisted, fromStart());
    await expect.poll(() => server.asked).toHaveLength(1);
    expect(server.asked[0]).toEqual({
      query: '',
      variables: fromStart(),
      extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } },
    });
  });
});

describe('after a loss', () => {
  test('each subscription goes on after what it has delivered', async () => {
    server.append(2);
    const { states, follow } = setUp();
    const early = follow(ENTRIES, fromStart());
    const late = follow(ENTRIES, { after: server.cursorOf(1) });
    await expect.poll(() => [early.numbers, late.numbers]).toEqual([upTo(2), [2]]);
    for (let round = 1; round <= 10; round += 1) {
      proxy.cut();
      server.append(2);
      await expect
        .poll(() => [early.numbers, late.numbers])
        .toEqual([upTo(2 + 2 * round), upTo(2 + 2 * round).slice(1)]);
    }
    expect(states).not.toContain('OFFLINE');
    expect(early.errors).toEqual([]);
  });

  test('a server that is away for a while is OFFLINE until it is back', async () => {
    const { live, states, follow } = setUp();
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    await server.stop();
    await expect.poll(() => kindOf(live)).toBe('OFFLINE');
    const attempts = proxy.accepted();
    await expect.poll(() => proxy.accepted()).toBeGreaterThan(attempts + 3);
    server.append(5);
    await server.start();
    await expect.poll(() => one.numbers).toEqual(upTo(5));
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(states).toEqual([
      'CONNECTING',
      'CATCHING_UP',
      'LIVE',
      'CONNECTING',
      'OFFLINE',
      'CATCHING_UP',
      'LIVE',
    ]);
  });

  test('a connection that gives no sign of life is lost', async () => {
    const { live, follow } = setUp({
      timing: { pingIntervalMs: 20, pongTimeoutMs: 50, connectTimeoutMs: 100 },
    });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    proxy.freeze();
    await expect.poll(() => kindOf(live)).toBe('OFFLINE');
    server.append(2);
    proxy.cut();
    proxy.thaw();
    await expect.poll(() => one.numbers).toEqual(upTo(2));
  });

  test('the browser’s word is enough: offline ends, online begins, a page that is shown asks', async () => {
    const pageEvents = new EventTarget();
    const { live, follow } = setUp({
      pageEvents,
      timing: { firstRetryDelayMs: NEVER_MS, maxRetryDelayMs: NEVER_MS, pongTimeoutMs: 50 },
    });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    pageEvents.dispatchEvent(new Event('offline'));
    expect(kindOf(live)).toBe('OFFLINE');
    server.append(1);
    pageEvents.dispatchEvent(new Event('online'));
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    proxy.freeze();
    pageEvents.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => kindOf(live)).toBe('CONNECTING');
    proxy.cut();
    proxy.thaw();
    server.append(1);
    pageEvents.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => one.numbers).toEqual(upTo(2));
  });

  test('what cannot be told where to go on begins anew', async () => {
    const { follow } = setUp();
    const one = follow(gql`subscription { state { cursor number } }`);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3]);
    proxy.cut();
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3]);
  });

  test('what a server replays too much of does not come again', async () => {
    server.append(3);
    const one = setUp().follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(3));
    server.rewind(2);
    proxy.cut();
    server.append(1);
    await expect.poll(() => one.numbers).toEqual(upTo(4));
  });

  test('the app may ask for another connection, and may end it all', async () => {
    server.append(1);
    const { live, follow } = setUp({ pageEvents: new EventTarget() });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    live.reconnect();
    server.append(1);
    await expect.poll(() => one.numbers).toEqual(upTo(2));
    expect(proxy.accepted()).toBe(2);
    live.close();
    expect(kindOf(live)).toBe('IDLE');
    await expect.poll(() => [server.streams(), server.connections()]).toEqual([0, 0]);
  });

  test('a snapshot that was cut off is told anew, and one that was followed by an entry is not', async () => {
    const { follow } = setUp();
    const one = follow(STATE);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3]);
    proxy.cut();
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3]);
    server.append(1);
    await expect.poll(() => one.numbers.at(-1)).toBe(1);
    proxy.cut();
    server.append(1);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3, 1, 2]);
  });

  test.each(['url', 'connectionParams'] as const)(
    '%s is asked before each connection, also when it fails',
    async (name) => {
      const answers = { url: `ws://127.0.0.1:${proxy.port}`, connectionParams: { token: 'good' } };
      const ask = vi.fn((): never => answers[name] as never);
      ask.mockImplementationOnce(() => {
        throw new Error('not yet');
      });
      server.append(1);
      const one = setUp({ [name]: ask }).follow(ENTRIES, fromStart());
      await expect.poll(() => one.numbers).toEqual(upTo(1));
      expect(ask).toHaveBeenCalledTimes(2);
      proxy.cut();
      server.append(1);
      await expect.poll(() => one.numbers).toEqual(upTo(2));
      expect(ask).toHaveBeenCalledTimes(3);
    },
  );
});

describe('catching up', () => {
  test('ends when the log’s newest entry is delivered', async () => {
    server.append(500);
    const { live, states, follow } = setUp({
      head: async () => server.cursorOf(500),
      timing: { caughtUpQuietMs: NEVER_MS },
    });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(one.numbers).toEqual(upTo(500));
    proxy.cut();
    await expect
      .poll(() => states)
      .toEqual(['CONNECTING', 'CATCHING_UP', 'LIVE', 'CONNECTING', 'CATCHING_UP', 'LIVE']);
  });

  test('ends with what was written since, on a log that is never silent', async () => {
    server.append(1);
    const { live, follow } = setUp({ timing: { caughtUpQuietMs: NEVER_MS } });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    expect(kindOf(live)).toBe('CATCHING_UP');
    server.append(1);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test('is measured by the age of what comes, and ends in silence when no cursor tells', async () => {
    server.append(1);
    const { live, behinds, follow } = setUp();
    follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(behinds).toEqual([expect.any(Number)]);
    expect(behinds[0]).toBeGreaterThanOrEqual(0);
    expect(behinds[0]).toBeLessThan(NEVER_MS);
  });
});

describe('refusals', () => {
  test.each([
    ['begins anew by default', undefined, [4]],
    ['goes on where the app says', () => ({ after: server.cursorOf(2) }), [3, 4]],
  ])('a lost position %s, and the app is told', async (_, onCursorLost, numbers) => {
    server.append(3);
    server.prune(2);
    const { live, follow } = setUp(onCursorLost === undefined ? {} : { onCursorLost });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.errors).toEqual(['CURSOR_EXPIRED']);
    expect(one.isEnded).toBe(false);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    server.append(1);
    await expect.poll(() => one.numbers).toEqual(numbers);
  });

  test('a lost position tells what was asked for and what there is, and may end the subscription', async () => {
    server.append(3);
    server.prune(2);
    const onCursorLost = vi.fn(() => undefined);
    const one = setUp({ onCursorLost }).follow(ENTRIES, fromStart());
    await expect.poll(() => one.isEnded).toBe(true);
    expect(onCursorLost).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        code: 'CURSOR_EXPIRED',
        after: server.cursorOf(0),
        oldest: server.cursorOf(2),
      }),
    );
  });

  test('a position of another log that is answered with another such one ends', async () => {
    const onCursorLost = vi.fn(() => ({ after: 'nonsense' }));
    const one = setUp({ onCursorLost }).follow(ENTRIES, { after: 'nonsense' });
    await expect.poll(() => one.isEnded).toBe(true);
    expect(new Set(one.errors)).toEqual(new Set(['CURSOR_INVALID']));
    expect(onCursorLost).toHaveBeenCalledTimes(2);
  });

  test('an ended session is renewed once for all, and everything goes on', async () => {
    server.accept('first');
    server.append(1);
    let token = 'first';
    const onUnauthenticated = vi.fn(async () => {
      token = 'second';
      return true;
    });
    const { live, follow } = setUp({ connectionParams: () => ({ token }), onUnauthenticated });
    const followers = [follow(ENTRIES, fromStart()), follow(ENTRIES, { after: server.cursorOf(1) })];
    await expect.poll(() => followers[0]?.numbers).toEqual(upTo(1));
    server.accept('second');
    server.append(1);
    await expect.poll(() => followers.map(({ numbers }) => numbers)).toEqual([upTo(2), [2]]);
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    expect(server.tokens).toEqual(['first', 'second']);
    expect(followers.flatMap(({ errors }) => errors)).toEqual([]);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test.each([
    ['is not renewed', async () => false],
    ['is renewed without effect', async () => true],
  ])('a session that %s ends everything, and a later subscription tries anew', async (_, renew) => {
    server.accept('good');
    const onUnauthenticated = vi.fn(renew);
    let token = 'bad';
    const { live, states, follow } = setUp({ connectionParams: () => ({ token }), onUnauthenticated });
    const followers = [follow(ENTRIES, fromStart()), follow(ENTRIES, { after: server.cursorOf(0), more: 1 })];
    await expect.poll(() => followers.map(({ isEnded }) => isEnded)).toEqual([true, true]);
    expect(followers.map(({ errors }) => errors)).toEqual([['UNAUTHENTICATED'], ['UNAUTHENTICATED']]);
    expect(kindOf(live)).toBe('ENDED');
    expect(states.at(-1)).toBe('ENDED');
    expect(onUnauthenticated).toHaveBeenCalledTimes(1);
    token = 'good';
    server.append(1);
    const again = follow(ENTRIES, fromStart());
    await expect.poll(() => again.numbers).toEqual(upTo(1));
  });

  test('what will never work ends one subscription with its error, and no other', async () => {
    const { live, follow } = setUp();
    const good = follow(ENTRIES, fromStart());
    const bad = follow(FAILS, { code: 'FORBIDDEN' });
    const wrong = follow(gql`subscription { unknown { cursor } }`);
    await expect.poll(() => [bad.isEnded, wrong.isEnded]).toEqual([true, true]);
    expect(bad.errors).toEqual(['FORBIDDEN']);
    expect(wrong.errors[0]).toMatch(/unknown/);
    server.append(1);
    await expect.poll(() => good.numbers).toEqual(upTo(1));
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test('what may work later is tried again, and told when it lasts', async () => {
    server.append(1);
    const { live, states, follow } = setUp();
    server.refuse('INTERNAL', REFUSALS_UNTIL_TOLD - 1);
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    expect(one.errors).toEqual([]);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    server.refuse('INTERNAL', REFUSALS_UNTIL_TOLD + 1);
    const other = follow(ENTRIES, { ...fromStart(), more: 1 });
    expect(kindOf(live)).toBe('CATCHING_UP');
    await expect.poll(() => other.numbers).toEqual(upTo(1));
    expect(other.errors).toEqual(['INTERNAL']);
    expect(one.errors).toEqual([]);
    // While one is refused, not everything is shown as it is.
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(states).toEqual(['CONNECTING', 'CATCHING_UP', 'LIVE', 'CATCHING_UP', 'LIVE']);
  });
});

test('without any WebSocket it says so', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => resumingExchange({ url: 'ws://127.0.0.1:1' })).toThrow('WebSocket');
  vi.unstubAllGlobals();
});
