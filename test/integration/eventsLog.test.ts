import { randomUUID } from 'node:crypto';
import { type KyselyPlugin, sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_EVENTS_PER_READ } from '../../core/limits.ts';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { createEventFeed, type EventFeed } from '../../events/eventFeed.ts';
import type { EventHints } from '../../events/eventHints.ts';
import type { NewEvent } from '../../events/eventPayloads.ts';
import { followEvents } from '../../events/followEvents.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { readEvents } from '../../events/readEvents.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import type { Database } from '../../prisma/database.ts';
import { createTestDatabase } from '../kit/postgres.ts';
import { seedLog, takeUntil } from './eventsKit.ts';

/** Longer than any test: what comes, hints have told of. */
const NEVER_MS = 3_600_000;

let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
let database: Database;
let hints: EventHints;
let feed: EventFeed;
let organizationId: string;
const fail = (error: unknown) => {
  throw error;
};

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  hints = createPostgresHints({ database, listenUrl: testDatabase.appUrl, onError: fail });
  feed = createEventFeed({ database, hints, onError: fail });
});
afterAll(async () => {
  await hints.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  organizationId = await seedLog(database);
});
afterEach(() => {
  expect(feed.followedCount()).toBe(0);
});

function opened(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({
    organizationId,
    type: 'ACCOUNT_OPENED' as const,
    subjectId: randomUUID(),
    payload: {},
  }));
}
function record(events: readonly NewEvent[]) {
  return unitOfWork({ database, hints }, async (work) => {
    for (const event of events) work.record(event);
  });
}
const numbers = (events: readonly { number: bigint }[]) => events.map((event) => Number(event.number));
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('numbers are in commit order', () => {
  test('a bare sequence loses an entry whose transaction ends later', async () => {
    const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
    const other = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await Promise.all([owner.connect(), other.connect()]);
    await owner.query('create table bare_log (number bigserial primary key)');
    await owner.query('begin');
    await owner.query('insert into bare_log default values');
    await other.query('insert into bare_log default values');
    const firstLook = await other.query('select number from bare_log where number > 0 order by number');
    await owner.query('commit');
    const position = firstLook.rows.at(-1).number;
    const secondLook = await other.query('select number from bare_log where number > $1', [position]);
    await Promise.all([owner.end(), other.end()]);
    // Entry 1 is never seen: this is what the head's row lock is for.
    expect([...firstLook.rows, ...secondLook.rows]).toEqual([{ number: '2' }]);
  });

  test('in our log, who took a number first commits first', async () => {
    // Commits of one subject wait, with their number already taken, until this test lets go of an advisory lock.
    const slow = randomUUID();
    const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    await owner.query(`
      create function wait_at_commit() returns trigger language plpgsql as $$ begin
        if new.subject_id = '${slow}' then perform pg_advisory_xact_lock(7); end if;
        return null;
      end $$;
      create constraint trigger wait_at_commit after insert on event deferrable initially deferred
        for each row execute function wait_at_commit();
      select pg_advisory_lock(7);`);
    const waiters = async (event: string) => {
      const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_stat_activity
        where wait_event = ${event} and datname = current_database()`.execute(database);
      return rows[0]?.waiting;
    };
    const stream = followEvents(feed, { organizationId, after: 0n });
    const slowWrite = record([{ organizationId, type: 'ACCOUNT_OPENED', subjectId: slow, payload: {} }]);
    await expect.poll(() => waiters('advisory')).toBe(1);
    const quick = opened(1);
    let quickIsDone = false;
    const quickWrite = record(quick).then(() => {
      quickIsDone = true;
    });
    await expect.poll(() => waiters('transactionid')).toBe(1);
    expect(quickIsDone).toBe(false);
    const upTo = 10n;
    expect(await readEvents(database, { organizationId, after: 0n, upTo })).toEqual({
      events: [],
      readTo: upTo,
    });
    await owner.query('select pg_advisory_unlock(7)');
    await Promise.all([slowWrite, quickWrite]);
    const seen = await takeUntil(stream, 2n);
    await stream.return();
    await owner.query('drop function wait_at_commit cascade');
    await owner.end();
    expect(seen.map((event) => event.subjectId)).toEqual([slow, quick[0]?.subjectId]);
  });

  test('what rolls back leaves neither an entry nor a hole', async () => {
    const [event] = opened(1);
    const failing = unitOfWork({ database, hints }, async (work) => {
      if (event !== undefined) work.record(event);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const committed = await record(opened(2));
    expect(committed.eventCursor(organizationId)).toBe(encodeEventCursor(organizationId, 2n));
    const { events } = await readEvents(database, { organizationId, after: 0n, upTo: 2n });
    expect(numbers(events)).toEqual([1, 2]);
  });
});

describe('following', () => {
  test('a burst larger than the shared memory and than a page comes through whole', async () => {
    await record(opened(3));
    const stream = followEvents(feed, { organizationId, after: 0n });
    const before = await takeUntil(stream, 3n);
    for (const size of [99, 100, 101, 250, 3 * MAX_EVENTS_PER_READ]) await record(opened(size));
    const after = await takeUntil(stream, 2053n);
    await stream.return();
    expect(numbers([...before, ...after])).toEqual(range(1, 2053));
  });

  test('reads at most a page, and only when asked', async () => {
    await record(opened(2 * MAX_EVENTS_PER_READ));
    const queries = countQueries(database);
    const slow = createEventFeed({
      database: queries.database,
      hints,
      onError: fail,
      pollIntervalMs: NEVER_MS,
    });
    const stream = followEvents(slow, { organizationId, after: 0n });
    const page = await stream.next();
    expect(page.value?.length).toBe(MAX_EVENTS_PER_READ);
    const sofar = queries.count();
    await record(opened(1));
    await expect.poll(() => queries.count()).toBe(sofar + 1); // The feed's own look; not the reader's.
    expect(numbers(await takeUntil(stream, 1001n))).toEqual(range(501, 1001));
    await stream.return();
    expect(slow.followedCount()).toBe(0);
  });

  test('a thousand followers of one log cost one query a change', async () => {
    const queries = countQueries(database);
    const shared = createEventFeed({
      database: queries.database,
      hints,
      onError: fail,
      pollIntervalMs: NEVER_MS,
    });
    const streams = Array.from({ length: 1_000 }, () => followEvents(shared, { organizationId, after: 0n }));
    await record(opened(1));
    await Promise.all(streams.map((stream) => takeUntil(stream, 1n)));
    const sofar = queries.count();
    const waiting = streams.map((stream) => stream.next());
    await record(opened(1));
    for (const page of await Promise.all(waiting)) expect(numbers(page.value ?? [])).toEqual([2]);
    expect(queries.count() - sofar).toBeLessThanOrEqual(3);
    await Promise.all(streams.map((stream) => stream.return()));
    expect(shared.followedCount()).toBe(0);
  });

  test('what a lost hint was about comes with the next tick of the timer', async () => {
    const deaf: EventHints = { ...hints, publish: () => Promise.resolve() };
    const stream = followEvents(feed, { organizationId, after: 0n });
    const next = stream.next();
    await expect.poll(() => feed.followedCount()).toBe(1);
    const [event] = opened(1);
    await unitOfWork({ database, hints: deaf }, async (work) => {
      if (event !== undefined) work.record(event);
    });
    expect(numbers((await next).value ?? [])).toEqual([1]);
    await stream.return();
  });

  test('ends at once when it waits: by return, by signal, before it began', async () => {
    const byReturn = followEvents(feed, { organizationId, after: 0n });
    const pending = byReturn.next();
    await expect.poll(() => feed.followedCount()).toBe(1);
    await byReturn.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    await expect.poll(() => feed.followedCount()).toBe(0);

    const controller = new AbortController();
    const bySignal = followEvents(feed, { organizationId, after: 0n, signal: controller.signal });
    const waiting = bySignal.next();
    await expect.poll(() => feed.followedCount()).toBe(1);
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await expect.poll(() => feed.followedCount()).toBe(0);

    const late = followEvents(feed, { organizationId, after: 0n, signal: controller.signal });
    expect(await late.next()).toEqual({ done: true, value: undefined });
  });

  test('a position ahead of the log, or in a log that does not exist, is refused', async () => {
    await record(opened(1));
    await expect(followEvents(feed, { organizationId, after: 2n }).next()).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
    await expect(
      followEvents(feed, { organizationId: randomUUID(), after: 0n }).next(),
    ).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect.poll(() => feed.followedCount()).toBe(0);
  });
});

function countQueries(counted: Database) {
  let count = 0;
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  return { database: counted.withPlugin(plugin), count: () => count };
}
