import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import { approvalUpdated } from '../../resolvers/watch/approvalUpdated.ts';
import { chainHeadAdvanced } from '../../resolvers/watch/chainHeadAdvanced.ts';
import { events } from '../../resolvers/watch/events.ts';
import { payoutBatchUpdated } from '../../resolvers/watch/payoutBatchUpdated.ts';
import { transferUpdated } from '../../resolvers/watch/transferUpdated.ts';
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

describe('payoutBatchUpdated', () => {
  test('begins with the state and its cursor, then tells each change as of its own cursor', async () => {
    const payoutBatchId = await seedBatch(owner, payer);
    const stream = await payoutBatchUpdated(viewer, { payoutBatchId, after: null });
    const one = { pending: 1, submitted: 0, included: 0, confirmed: 0, final: 0, undelivered: 0, failed: 0 };
    expect(await nextValue(stream)).toMatchObject({
      kind: 'SNAPSHOT',
      cursor: cursorAt(1n),
      status: 'DRAFT',
      progress: one,
      changes: [],
      payoutBatchId,
    });
    const next = nextValue(stream);
    await payoutBatchSubmit(owner, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
    expect(await next).toMatchObject({ kind: 'CHANGED', status: 'PENDING_APPROVAL', progress: one });
    await stream.return();
  });

  test('replays from a cursor without a snapshot; status is of then, not of now', async () => {
    const payoutBatchId = await seedBatch(owner, payer);
    await payoutBatchSubmit(owner, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
    const stream = await payoutBatchUpdated(viewer, { payoutBatchId, after: cursorAt(0n) });
    const first = await nextValue(stream);
    expect(first).toMatchObject({ kind: 'CHANGED', cursor: cursorAt(1n), status: 'DRAFT' });
    const second = await nextValue(stream);
    expect(second).toMatchObject({ kind: 'CHANGED', status: 'PENDING_APPROVAL' });
    await stream.return();

    const resumed = await payoutBatchUpdated(viewer, { payoutBatchId, after: first.cursor });
    expect(await nextValue(resumed)).toEqual(second);
    await resumed.return();
  });

  test('a reorg is told as one', async () => {
    const payoutBatchId = await seedBatch(owner, payer);
    const stream = await payoutBatchUpdated(viewer, { payoutBatchId, after: null });
    const { progress } = await nextValue(stream);
    const changes = [{ firstIndex: 0, lastIndex: 0, status: 'PENDING' as const, transactionId: null }];
    await unitOfWork(log, async (work) => {
      work.record({
        organizationId: payer.organizationId,
        type: 'PAYOUTS_REORGED',
        subjectId: payoutBatchId,
        payload: { status: 'EXECUTING', progress, changes },
      });
    });
    expect(await nextValue(stream)).toMatchObject({ kind: 'REORGED', status: 'EXECUTING', changes });
    await stream.return();
  });

  test('other batches, strangers and what does not exist', async () => {
    const payoutBatchId = await seedBatch(owner, payer);
    const stranger = await seedWatcher(log, watch, payer.organizationId, []);
    const foreign = await payoutBatchUpdated(stranger, { payoutBatchId, after: null }).catch(String);
    const missing = await payoutBatchUpdated(stranger, { payoutBatchId: randomUUID(), after: null }).catch(
      String,
    );
    expect(foreign).toContain('was not found');
    expect(foreign).toBe(missing);
    await expect(
      payoutBatchUpdated({ ...viewer, viewer: null }, { payoutBatchId, after: null }),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });

    const stream = await payoutBatchUpdated(viewer, { payoutBatchId, after: null });
    await nextValue(stream);
    await seedBatch(owner, payer);
    await payoutBatchCancel(owner, { payoutBatchId });
    expect(await nextValue(stream)).toMatchObject({ payoutBatchId, status: 'CANCELLED' });
    await stream.return();
  });

  test('cursors that are no position in this log end the stream and say why', async () => {
    const payoutBatchId = await seedBatch(owner, payer);
    const wrong = ['', 'nonsense', encodeEventCursor(randomUUID(), 0n), cursorAt(2n)];
    for (const after of wrong) {
      const stream = await payoutBatchUpdated(viewer, { payoutBatchId, after });
      expect(await lastError(stream)).toMatchObject({ code: 'CURSOR_INVALID' });
    }
  });
});

describe('the other subscriptions', () => {
  test('events: from now, or from a cursor, of the types asked for', async () => {
    const organizationId = payer.organizationId;
    const fromNow = await events(viewer, { organizationId, after: null, types: null });
    const first = nextValue(fromNow);
    await expect.poll(() => watch.feed.followedCount()).toBe(1);
    const payoutBatchId = await seedBatch(owner, payer);
    expect(await first).toMatchObject({ type: 'PAYOUT_BATCH_CREATED', number: 1n, subjectId: payoutBatchId });
    await payoutBatchSubmit(owner, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
    const types = ['APPROVAL_REQUESTED'] as const;
    const requested = await events(viewer, { organizationId, after: cursorAt(1n), types });
    expect(await nextValue(requested)).toMatchObject({
      type: 'APPROVAL_REQUESTED',
      payload: { payoutBatchId },
    });
    await fromNow.return();
    await requested.return();
  });

  test('approvalUpdated: what waits, then what changes', async () => {
    const submit = async () => {
      const payoutBatchId = await seedBatch(owner, payer);
      await payoutBatchSubmit(owner, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
      const approval = await log.database
        .selectFrom('approval')
        .select('id')
        .where('batchId', '=', payoutBatchId)
        .executeTakeFirstOrThrow();
      return { payoutBatchId, approvalId: approval.id };
    };
    const one = await submit();
    const two = await submit();
    const stream = await approvalUpdated(viewer, { organizationId: payer.organizationId, after: null });
    for (const { approvalId } of [one, two]) {
      expect(await nextValue(stream)).toMatchObject({ kind: 'SNAPSHOT', approvalId, cursor: cursorAt(6n) });
    }
    const three = await submit();
    expect(await nextValue(stream)).toMatchObject({ kind: 'CHANGED', approvalId: three.approvalId });
    await payoutBatchCancel(owner, { payoutBatchId: one.payoutBatchId });
    expect(await nextValue(stream)).toMatchObject({ kind: 'CHANGED', approvalId: one.approvalId });
    await stream.return();
  });

  test('transferUpdated: what can still change, then what does, of this account only', async () => {
    const insert = (status: 'INCLUDED' | 'FINAL', logIndex: number) =>
      log.database
        .insertInto('transfer')
        .values({
          organizationId: payer.organizationId,
          accountId: payer.accountId,
          assetId: payer.usdcId,
          direction: 'IN',
          counterparty: payer.token,
          units: 5n,
          status,
          transactionId: randomUUID(),
          blockNumber: 7n,
          blockHash: '0x07',
          logIndex,
          occurredAt: new Date(),
        })
        .returning('id')
        .executeTakeFirstOrThrow();
    await insert('FINAL', 0);
    const open = await insert('INCLUDED', 1);
    const stream = await transferUpdated(viewer, { accountId: payer.accountId, after: null });
    expect(await nextValue(stream)).toMatchObject({ kind: 'SNAPSHOT', transferId: open.id });
    await unitOfWork(log, async (work) => {
      const tell = (accountId: string, type: 'TRANSFER_CONFIRMED' | 'TRANSFER_REORGED') =>
        work.record({
          organizationId: payer.organizationId,
          type,
          subjectId: open.id,
          payload: { accountId },
        });
      tell(randomUUID(), 'TRANSFER_CONFIRMED');
      tell(payer.accountId, 'TRANSFER_CONFIRMED');
      tell(payer.accountId, 'TRANSFER_REORGED');
    });
    expect(await nextValue(stream)).toMatchObject({ kind: 'CHANGED', cursor: cursorAt(2n) });
    expect(await nextValue(stream)).toMatchObject({ kind: 'REORGED', cursor: cursorAt(3n) });
    await stream.return();
  });

  test('chainHeadAdvanced: now, then the latest, with what lies between left out', async () => {
    const { chainId } = await log.database
      .selectFrom('account')
      .select('chainId')
      .where('id', '=', payer.accountId)
      .executeTakeFirstOrThrow();
    const advance = (headNumber: bigint, headHash: string) =>
      log.database.updateTable('chain').set({ headNumber, headHash }).where('id', '=', chainId).execute();
    await advance(1n, '0x01');
    const stream = await chainHeadAdvanced(viewer, chainId);
    expect(await nextValue(stream)).toMatchObject({ id: chainId, headNumber: 1n });
    for (let number = 2n; number <= 9n; number += 1n) await advance(number, `0x0${number}`);
    // Asked only now: on a slow machine one who waits would be told of each.
    const seen = [await nextValue(stream)];
    while (seen.at(-1)?.headNumber !== 9n) seen.push(await nextValue(stream));
    expect(seen.length).toBeLessThan(8);
    // A reorg to the same height is a change too.
    await advance(9n, '0xff');
    expect(await nextValue(stream)).toMatchObject({ headNumber: 9n, headHash: '0xff' });
    await stream.return();
    await expect(chainHeadAdvanced(viewer, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
