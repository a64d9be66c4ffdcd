import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_EVENTS_PER_READ } from '../../core/limits.ts';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { createEventFeed, type EventFeed } from '../../events/eventFeed.ts';
import { matchesEventFilter } from '../../events/eventFilter.ts';
import type { EventHints } from '../../events/eventHints.ts';
import type { NewEvent } from '../../events/eventPayloads.ts';
import { followEvents } from '../../events/followEvents.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { EVENT_RETENTION_DAYS, pruneEvents } from '../../events/pruneEvents.ts';
import { readEvents } from '../../events/readEvents.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { createDatabase, createPool, type Database } from '../../prisma/database.ts';
import { createTestDatabase } from '../kit/postgres.ts';
import { seedLog } from './eventsKit.ts';

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

describe('filters', () => {
  const accounts = [randomUUID(), randomUUID()];
  const subjects = [randomUUID(), randomUUID(), randomUUID()];
  const event = fc.record({
    kind: fc.constantFrom(
      'ACCOUNT_OPENED' as const,
      'TRANSFER_INCLUDED' as const,
      'TRANSFER_REORGED' as const,
    ),
    accountId: fc.constantFrom(...accounts),
    subjectId: fc.constantFrom(...subjects),
  });
  const filter = fc.record(
    {
      types: fc.subarray(['ACCOUNT_OPENED', 'TRANSFER_INCLUDED', 'TRANSFER_REORGED'] as const),
      subjectId: fc.constantFrom(...subjects),
      accountId: fc.constantFrom(...accounts),
    },
    { requiredKeys: [] },
  );

  test('say the same in memory and in SQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), filter, async (drawn, wanted) => {
        organizationId = await seedLog(database);
        await record(
          drawn.map(
            ({ kind, accountId, subjectId }): NewEvent =>
              kind === 'ACCOUNT_OPENED'
                ? { organizationId, type: kind, subjectId, payload: {} }
                : { organizationId, type: kind, subjectId, payload: { accountId } },
          ),
        );
        const upTo = BigInt(drawn.length);
        const all = await readEvents(database, { organizationId, after: 0n, upTo });
        const some = await readEvents(database, { organizationId, after: 0n, upTo, filter: wanted });
        expect(some.events).toEqual(all.events.filter((each) => matchesEventFilter(each, wanted)));
        expect(some.readTo).toBe(upTo);
      }),
      { numRuns: 60 },
    );
  });

  test('hold before and after going live', async () => {
    const wanted = randomUUID();
    const write = () =>
      record([...opened(2), { organizationId, type: 'ACCOUNT_OPENED', subjectId: wanted, payload: {} }]);
    await write();
    const stream = followEvents(feed, { organizationId, after: 0n, filter: { subjectIds: [wanted] } });
    expect(numbers((await stream.next()).value ?? [])).toEqual([3]);
    await record(opened(5));
    await write();
    expect(numbers((await stream.next()).value ?? [])).toEqual([11]);
    await stream.return();
  });
});

describe('a log far larger than a read', () => {
  test('is searched in steps for what is rare in it, and pruned in steps', async () => {
    const count = 45_000;
    await sql`insert into event (organization_id, number, type, subject_type, subject_id, payload, occurred_at)
      select ${organizationId}, number, 'ACCOUNT_OPENED', 'Account', uuidv7(), '{}', now()
      from generate_series(1, ${count}::int) as number`.execute(database);
    await sql`update event_log_head set head = ${count} where organization_id = ${organizationId}`.execute(
      database,
    );
    const accountId = randomUUID();
    await record([
      { organizationId, type: 'TRANSFER_INCLUDED', subjectId: randomUUID(), payload: { accountId } },
    ]);
    const filter = { types: ['TRANSFER_INCLUDED'], accountId } as const;
    const step = await readEvents(database, { organizationId, after: 0n, upTo: BigInt(count + 1), filter });
    expect(step).toEqual({ events: [], readTo: 20_000n });
    const stream = followEvents(feed, { organizationId, after: 0n, filter });
    expect(numbers((await stream.next()).value ?? [])).toEqual([count + 1]);
    await stream.return();

    const owner = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
    const later = new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * 24 * 3_600_000);
    expect(await pruneEvents(owner, organizationId, later)).toBe(BigInt(count + 1));
    await owner.destroy();
  });
});

describe('retention', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const longAfter = () => new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * DAY_MS);
  let owner: Database;
  beforeAll(() => {
    owner = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
  });
  afterAll(() => owner.destroy());

  test('keeps what is young, and the application may not delete from the log at all', async () => {
    await record(opened(3));
    expect(await pruneEvents(owner, organizationId, new Date())).toBe(0n);
    await expect(pruneEvents(database, organizationId, longAfter())).rejects.toThrow('permission denied');
  });

  test('a cursor before what is left is told the oldest one that can be followed', async () => {
    await record(opened(3));
    await sql`update event set occurred_at = ${longAfter()} where organization_id = ${organizationId} and number = 3`.execute(
      owner,
    );
    expect(await pruneEvents(owner, organizationId, longAfter())).toBe(2n);
    const oldest = encodeEventCursor(organizationId, 2n);
    for (const after of [0n, 1n]) {
      await expect(followEvents(feed, { organizationId, after }).next()).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        oldest,
      });
    }
    const stream = followEvents(feed, { organizationId, after: 2n });
    expect(numbers((await stream.next()).value ?? [])).toEqual([3]);
    await stream.return();
  });

  test('a log of which nothing is left is followed from its head', async () => {
    await record(opened(3));
    expect(await pruneEvents(owner, organizationId, longAfter())).toBe(3n);
    await expect(followEvents(feed, { organizationId, after: 2n }).next()).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
      oldest: encodeEventCursor(organizationId, 3n),
    });
    const stream = followEvents(feed, { organizationId, after: 3n });
    await record(opened(1));
    expect(numbers((await stream.next()).value ?? [])).toEqual([4]);
    await stream.return();
  });

  test('a slow reader whose next entries are pruned meanwhile is told, not given a gap', async () => {
    await record(opened(2 * MAX_EVENTS_PER_READ));
    const stream = followEvents(feed, { organizationId, after: 0n, filter: { types: ['ACCOUNT_OPENED'] } });
    await stream.next();
    await pruneEvents(owner, organizationId, longAfter());
    await expect(stream.next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    await expect.poll(() => feed.followedCount()).toBe(0);
  });
});
