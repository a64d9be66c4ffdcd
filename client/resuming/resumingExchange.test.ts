import { createRequest, gql, type Operation } from '@urql/core';
import { describe, expect, test, vi } from 'vitest';
import { empty, makeSubject, pipe, subscribe } from 'wonka';
import { ENTRIES, eachTestHasLog, kindOf, upTo } from './followedLog.testkit.ts';
import { resumingExchange } from './resumingExchange.ts';

const STATE = gql`subscription State($after: String) { state(after: $after) { cursor kind number } }`;
const NEVER_MS = 60_000;

const log = eachTestHasLog();
const { setUp, fromStart } = log;

describe('one connection', () => {
  test('carries all subscriptions, each of its own position, and closes after the last', async () => {
    log.server.append(3);
    const { live, states, follow } = setUp();
    expect(kindOf(live)).toBe('IDLE');
    const all = follow(ENTRIES, fromStart());
    const last = follow(ENTRIES, { after: log.server.cursorOf(2) });
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    log.server.append(1);
    await expect.poll(() => [all.numbers, last.numbers]).toEqual([upTo(4), [3, 4]]);
    expect(log.server.connections()).toBe(1);
    all.stop();
    await expect.poll(() => log.server.streams()).toBe(1);
    expect(kindOf(live)).toBe('LIVE');
    last.stop();
    expect(kindOf(live)).toBe('IDLE');
    await expect.poll(() => [log.server.streams(), log.server.connections()]).toEqual([0, 0]);
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
    log.running.push(unsubscribe);
    next(operation);
    await expect.poll(() => log.server.streams()).toBe(1);
    next(operation);
    // What would have been asked again, would have been asked before this.
    const other = follow(ENTRIES, { ...fromStart(), more: 1 });
    log.server.append(2);
    await expect.poll(() => [numbers, other.numbers]).toEqual([upTo(2), upTo(2)]);
    expect(log.server.asked).toHaveLength(2);
  });

  test('everything else is forwarded', async () => {
    const { client } = setUp();
    const { error } = await client.query(gql`{ nothing }`, {}).toPromise();
    expect(error?.networkError).toBeDefined();
    expect(log.proxy.accepted()).toBe(0);
  });

  test('documents go by their hash', async () => {
    const persisted = gql`subscription Entries($after: String) { entries(after: $after) { cursor number } }`;
    Object.assign(persisted, { __meta__: { hash: 'abc' } });
    const { follow } = setUp({ persisted: true });
    follow(persisted, fromStart());
    await expect.poll(() => log.server.asked).toHaveLength(1);
    expect(log.server.asked[0]).toEqual({
      query: '',
      variables: fromStart(),
      extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } },
    });
  });
});

describe('after a loss', () => {
  test('each subscription goes on after what it has delivered', async () => {
    log.server.append(2);
    const { states, follow } = setUp();
    const early = follow(ENTRIES, fromStart());
    const late = follow(ENTRIES, { after: log.server.cursorOf(1) });
    await expect.poll(() => [early.numbers, late.numbers]).toEqual([upTo(2), [2]]);
    for (let round = 1; round <= 10; round += 1) {
      log.proxy.cut();
      log.server.append(2);
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
    await log.server.stop();
    await expect.poll(() => kindOf(live)).toBe('OFFLINE');
    const attempts = log.proxy.accepted();
    await expect.poll(() => log.proxy.accepted()).toBeGreaterThan(attempts + 3);
    log.server.append(5);
    await log.server.start();
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
    log.proxy.freeze();
    await expect.poll(() => kindOf(live)).toBe('OFFLINE');
    log.server.append(2);
    log.proxy.cut();
    log.proxy.thaw();
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
    log.server.append(1);
    pageEvents.dispatchEvent(new Event('online'));
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    log.proxy.freeze();
    pageEvents.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => kindOf(live)).toBe('CONNECTING');
    log.proxy.cut();
    log.proxy.thaw();
    log.server.append(1);
    pageEvents.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => one.numbers).toEqual(upTo(2));
  });

  test('what cannot be told where to go on begins anew', async () => {
    const { follow } = setUp();
    const one = follow(gql`subscription { state { cursor number } }`);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3]);
    log.proxy.cut();
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3]);
  });

  test('what a server replays too much of does not come again', async () => {
    log.server.append(3);
    const one = setUp().follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(3));
    log.server.rewind(2);
    log.proxy.cut();
    log.server.append(1);
    await expect.poll(() => one.numbers).toEqual(upTo(4));
  });

  test('the app may ask for another connection, and may end it all', async () => {
    log.server.append(1);
    const { live, follow } = setUp({ pageEvents: new EventTarget() });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    live.reconnect();
    log.server.append(1);
    await expect.poll(() => one.numbers).toEqual(upTo(2));
    expect(log.proxy.accepted()).toBe(2);
    live.close();
    expect(kindOf(live)).toBe('IDLE');
    await expect.poll(() => [log.server.streams(), log.server.connections()]).toEqual([0, 0]);
  });

  test('a snapshot that was cut off is told anew, and one that was followed by an entry is not', async () => {
    const { follow } = setUp();
    const one = follow(STATE);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3]);
    log.proxy.cut();
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3]);
    log.server.append(1);
    await expect.poll(() => one.numbers.at(-1)).toBe(1);
    log.proxy.cut();
    log.server.append(1);
    await expect.poll(() => one.numbers).toEqual([-1, -2, -3, -1, -2, -3, 1, 2]);
  });

  test.each(['url', 'connectionParams'] as const)(
    '%s is asked before each connection, also when it fails',
    async (name) => {
      const answers = { url: `ws://127.0.0.1:${log.proxy.port}`, connectionParams: { token: 'good' } };
      const ask = vi.fn((): never => answers[name] as never);
      ask.mockImplementationOnce(() => {
        throw new Error('not yet');
      });
      log.server.append(1);
      const one = setUp({ [name]: ask }).follow(ENTRIES, fromStart());
      await expect.poll(() => one.numbers).toEqual(upTo(1));
      expect(ask).toHaveBeenCalledTimes(2);
      log.proxy.cut();
      log.server.append(1);
      await expect.poll(() => one.numbers).toEqual(upTo(2));
      expect(ask).toHaveBeenCalledTimes(3);
    },
  );
});

describe('catching up', () => {
  test('ends when the log’s newest entry is delivered', async () => {
    log.server.append(500);
    const { live, states, follow } = setUp({
      head: async () => log.server.cursorOf(500),
      timing: { caughtUpQuietMs: NEVER_MS },
    });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(one.numbers).toEqual(upTo(500));
    log.proxy.cut();
    await expect
      .poll(() => states)
      .toEqual(['CONNECTING', 'CATCHING_UP', 'LIVE', 'CONNECTING', 'CATCHING_UP', 'LIVE']);
  });

  test('ends with what was written since, on a log that is never silent', async () => {
    log.server.append(1);
    const { live, follow } = setUp({ timing: { caughtUpQuietMs: NEVER_MS } });
    const one = follow(ENTRIES, fromStart());
    await expect.poll(() => one.numbers).toEqual(upTo(1));
    expect(kindOf(live)).toBe('CATCHING_UP');
    log.server.append(1);
    await expect.poll(() => kindOf(live)).toBe('LIVE');
  });

  test('is measured by the age of what comes, and ends in silence when no cursor tells', async () => {
    log.server.append(1);
    const { live, behinds, follow } = setUp();
    follow(ENTRIES, fromStart());
    await expect.poll(() => kindOf(live)).toBe('LIVE');
    expect(behinds).toEqual([expect.any(Number)]);
    expect(behinds[0]).toBeGreaterThanOrEqual(0);
    expect(behinds[0]).toBeLessThan(NEVER_MS);
  });
});

test('without any WebSocket it says so', () => {
  vi.stubGlobal('WebSocket', undefined);
  expect(() => resumingExchange({ url: 'ws://127.0.0.1:1' })).toThrow('WebSocket');
  vi.unstubAllGlobals();
});
