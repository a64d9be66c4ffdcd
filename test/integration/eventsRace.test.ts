import { randomUUID } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEventFeed } from '../../events/eventFeed.ts';
import type { EventHints } from '../../events/eventHints.ts';
import type { LoggedEvent } from '../../events/eventPayloads.ts';
import { followEvents } from '../../events/followEvents.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { readEventHead } from '../../events/readEvents.ts';
import type { Database } from '../../prisma/database.ts';
import { createTestDatabase } from '../kit/postgres.ts';
import { lossyHints, seededRandom, seedLog, startEventWriter, takeUntil } from './eventsKit.ts';

const SEED = Date.now() % 1_000_000;
const COMMITS_IN_BETWEEN = 1_000;
const POLL_INTERVAL_MS = 25;
const LOST_SHARE = 0.5;
const fail = (error: unknown) => {
  throw error;
};

/** Runs `between` after the nth query's rows have been read and before its reader sees them. */
function interceptQuery(database: Database, nth: number, between: () => Promise<void>): Database {
  let queries = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      queries += 1;
      if (queries === nth) await between();
      return result;
    },
  };
  return database.withPlugin(plugin);
}

function numbersFrom(after: bigint, count: number): bigint[] {
  return Array.from({ length: count }, (_, index) => after + BigInt(index) + 1n);
}

describe(`another process commits while a subscriber goes live (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const upTo = (max: number) => Math.floor(random() * (max + 1));
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  let writer: ReturnType<typeof startEventWriter>;
  let hints: EventHints;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    writer = startEventWriter(testDatabase.appUrl);
    hints = lossyHints(
      createPostgresHints({
        database: testDatabase.database,
        listenUrl: testDatabase.appUrl,
        onError: fail,
      }),
      random,
      LOST_SHARE,
    );
  });
  afterAll(async () => {
    await hints.close();
    await writer.stop();
    await testDatabase.drop();
  });

  test('1,000 times between replay and going live: nothing skipped, nothing twice', async () => {
    const { database } = testDatabase;
    const organizationId = await seedLog(database);
    await writer.write(write(organizationId, 40));
    // Four commits at once, held differently long: they end in another order than they began.
    const commitInBetween = async () => {
      const numbers = await writer.write(write(organizationId, 4));
      return numbers.sort((a, b) => Number(a - b)).at(-1) ?? 0n;
    };

    let interrupted = 0;
    const round = async (shared: ReturnType<typeof createEventFeed> | null) => {
      const head = (await readEventHead(database, organizationId)) ?? 0n;
      const after = random() < 0.3 ? head : head - BigInt(upTo(Math.min(Number(head), 30)));
      let committed: Promise<bigint> | null = null;
      const intercepted = interceptQuery(database, 1 + upTo(after < head ? 5 : 2), async () => {
        committed = commitInBetween();
        await committed;
      });
      const feed = createEventFeed({
        database: intercepted,
        hints,
        onError: fail,
        pollIntervalMs: POLL_INTERVAL_MS,
      });
      // Half of the rounds join a feed that is live already; only their own reads are intercepted.
      const stream = followEvents(shared === null ? feed : { ...shared, database: intercepted }, {
        organizationId,
        after,
      });
      const first = await stream.next();
      const seen: LoggedEvent[] = first.done ? [] : [...first.value];
      if (committed !== null) interrupted += 1;
      const last = await (committed ?? commitInBetween());
      if ((seen.at(-1)?.number ?? after) < last) seen.push(...(await takeUntil(stream, last)));
      await stream.return();
      expect(seen.map((event) => event.number)).toEqual(numbersFrom(after, seen.length));
    };

    const shared = createEventFeed({ database, hints, onError: fail, pollIntervalMs: POLL_INTERVAL_MS });
    const holder = followEvents(shared, { organizationId, after: 0n });
    await holder.next();
    const lane = async (useShared: boolean) => {
      while (interrupted < COMMITS_IN_BETWEEN) await round(useShared ? shared : null);
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => lane(index % 2 === 0)));
    await holder.return();
    expect(shared.followedCount()).toBe(0);
    expect(interrupted).toBeGreaterThanOrEqual(COMMITS_IN_BETWEEN);
  });

  test('writers end in another order than they began, subscribers resume at random cursors', async () => {
    const { database } = testDatabase;
    const organizationIds = [await seedLog(database), await seedLog(database)];
    const feed = createEventFeed({ database, hints, onError: fail, pollIntervalMs: POLL_INTERVAL_MS });
    const rounds = Array.from({ length: 60 }, () => organizationIds.flatMap((id) => write(id, 8)));
    const subjectsOf = (organizationId: string) =>
      rounds.flat().flatMap((each) => (each.organizationId === organizationId ? each.subjectIds : []));

    const subscriber = async (organizationId: string) => {
      const last = BigInt(subjectsOf(organizationId).length);
      const seen: LoggedEvent[] = [];
      const position = () => seen.at(-1)?.number ?? 0n;
      while (position() < last) {
        const controller = new AbortController();
        const stream = followEvents(feed, {
          organizationId,
          after: position(),
          signal: controller.signal,
        });
        for (let pages = 1 + upTo(5); pages > 0 && position() < last; pages -= 1) {
          const next = await stream.next();
          if (next.done) throw new Error('The stream ended by itself.');
          seen.push(...next.value);
        }
        if (random() < 0.5) controller.abort();
        else await stream.return();
        // Now and then the last entries were lost on the way to the client: it resumes where it really was.
        if (random() < 0.5) seen.length -= upTo(Math.min(seen.length, 5));
      }
      return seen;
    };
    const subscribers = organizationIds.flatMap((id) => Array.from({ length: 4 }, () => subscriber(id)));
    for (const transactions of rounds) await writer.write(transactions);
    for (const seen of await Promise.all(subscribers)) {
      expect(seen.map((event) => event.number)).toEqual(numbersFrom(0n, seen.length));
      expect(seen.map((event) => event.subjectId).sort()).toEqual(
        subjectsOf(seen[0]?.organizationId ?? '').sort(),
      );
    }
    expect(feed.followedCount()).toBe(0);
  });

  function write(organizationId: string, count: number) {
    return Array.from({ length: count }, () => ({
      organizationId,
      subjectIds: Array.from({ length: 1 + upTo(2) }, () => randomUUID()),
      heldMs: upTo(4),
    }));
  }
});
