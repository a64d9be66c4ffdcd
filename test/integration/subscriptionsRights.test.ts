import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { events } from '../../resolvers/watch/events.ts';
import { MAX_SUBSCRIPTIONS_PER_SESSION } from '../../resolvers/watch/subscriptionSlots.ts';
import { createWatchService, type WatchService } from '../../resolvers/watch/watchService.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { openLog, type Payer, seedPayer } from './importSeed.ts';
import { lastError, nextValue, seedBatch, seedWatcher } from './watchSeed.ts';

type Watcher = Awaited<ReturnType<typeof seedWatcher>>;
let testDatabase: TestDatabase;
let log: ReturnType<typeof openLog>;
let watch: WatchService;
let payer: Payer;
let owner: Watcher;
let viewer: Watcher;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  log = openLog(testDatabase.database, testDatabase.appUrl);
  watch = createWatchService(log, (error) => {
    throw error;
  });
});
afterAll(async () => {
  await log.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  payer = await seedPayer(log.database);
  owner = await seedWatcher(log, watch, payer.organizationId, ['OWNER']);
  viewer = await seedWatcher(log, watch, payer.organizationId, ['VIEWER']);
});
afterEach(async () => {
  // Whatever a test did, nothing may stay behind: no follower, no slot, no watched chain.
  await expect.poll(() => watch.feed.followedCount()).toBe(0);
  expect(watch.slots.openCount()).toBe(0);
  await expect.poll(() => watch.chainHeads.watchedCount()).toBe(0);
});

const cursorAt = (number: bigint) => encodeEventCursor(payer.organizationId, number);

describe('session and rights', () => {
  const follow = async (context: Watcher) => {
    const stream = await events(context, {
      organizationId: payer.organizationId,
      after: cursorAt(0n),
      types: null,
    });
    await seedBatch(owner, payer);
    await nextValue(stream);
    return stream;
  };

  test('a revoked session ends the stream before its next message', async () => {
    const stream = await follow(viewer);
    await log.database
      .updateTable('session')
      .set({ revokedAt: new Date() })
      .where('id', '=', viewer.viewer.sessionId)
      .execute();
    await seedBatch(owner, payer);
    expect(await lastError(stream)).toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(follow(viewer)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('an expired session likewise', async () => {
    const stream = await follow(viewer);
    await log.database
      .updateTable('session')
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where('id', '=', viewer.viewer.sessionId)
      .execute();
    await seedBatch(owner, payer);
    expect(await lastError(stream)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('a membership that ended likewise: the organization is not found any more', async () => {
    const stream = await follow(viewer);
    const other = await follow(owner);
    await log.database
      .deleteFrom('membership')
      .where('userId', '=', viewer.viewer.userId)
      .where('organizationId', '=', payer.organizationId)
      .execute();
    await seedBatch(owner, payer);
    expect(await lastError(stream)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await nextValue(other)).toMatchObject({ type: 'PAYOUT_BATCH_CREATED' });
    await other.return();
  });

  test('a stream that has nothing to say ends, too, and gives its slot back', async () => {
    const attentive = createWatchService(
      log,
      (error) => {
        throw error;
      },
      { idleCheckIntervalMs: 50 },
    );
    const input = { organizationId: payer.organizationId, after: null, types: null };
    const ending = await events({ ...viewer, watch: attentive }, input);
    const staying = await events({ ...owner, watch: attentive }, input);
    const [silent, waiting] = [lastError(ending), nextValue(staying)];
    await expect.poll(() => attentive.feed.followedCount()).toBe(1);
    await log.database
      .updateTable('session')
      .set({ revokedAt: new Date() })
      .where('id', '=', viewer.viewer.sessionId)
      .execute();
    expect(await silent).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(attentive.slots.openCount()).toBe(1);
    await seedBatch(owner, payer);
    expect(await waiting).toMatchObject({ type: 'PAYOUT_BATCH_CREATED' });
    await staying.return();
    await expect.poll(() => attentive.feed.followedCount()).toBe(0);
  });

  test('a session has so many slots; they come back however a stream ends', async () => {
    const input = { organizationId: payer.organizationId, after: null, types: null };
    const streams = await Promise.all(
      Array.from({ length: MAX_SUBSCRIPTIONS_PER_SESSION }, () => events(viewer, input)),
    );
    await expect(events(viewer, input)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      details: { limit: 'MAX_SUBSCRIPTIONS_PER_SESSION' },
    });
    const others = await events(owner, input);
    const [begun, ...unbegun] = streams;
    const pending = begun?.next();
    await begun?.return();
    expect((await pending)?.done).toBe(true);
    const again = await events(viewer, input);
    await Promise.all([...unbegun, again, others].map((stream) => stream.return()));
    expect(watch.slots.openCount()).toBe(0);
  });
});
