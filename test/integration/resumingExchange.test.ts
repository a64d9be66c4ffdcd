import { randomUUID } from 'node:crypto';
import { Client, fetchExchange, gql, type OperationResult } from '@urql/core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pipe, subscribe } from 'wonka';
import { WebSocket } from 'ws';
import { type FaultProxy, startFaultProxy } from '../../client/resuming/faultProxy.testkit.ts';
import { resumingExchange } from '../../client/resuming/resumingExchange.ts';
import type { ResumingOptions } from '../../client/resuming/resumingOptions.ts';
import { encodeNodeId } from '../../core/ids.ts';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { EVENT_RETENTION_DAYS, pruneEvents } from '../../events/pruneEvents.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { seededRandom, startEventWriter } from './eventsKit.ts';
import { openLog, type Payer, seedPayer } from './importSeed.ts';
import { type SignedIn, signIn, startApiOn } from './subscriptionsApi.ts';
import { seedBatch } from './watchSeed.ts';

const EVENTS = gql`subscription Events($id: ID!, $after: EventCursor) {
  events(organizationId: $id, after: $after) { cursor occurredAt }
}`;
const BATCH = gql`subscription Batch($id: ID!, $after: EventCursor) {
  payoutBatchUpdated(payoutBatchId: $id, after: $after) { cursor kind status }
}`;
const CUTS = 200;
const SEED = 20_261_121;
const MAX_EVENTS_PER_CUT = 12;
/** About what twenty messages take. */
const MAX_BYTES_TO_CUT = 6_000;
const QUICK = { firstRetryDelayMs: 2, maxRetryDelayMs: 50, lingerMs: 0, caughtUpQuietMs: 300 };

let testDatabase: TestDatabase;
let log: ReturnType<typeof openLog>;
let api: Awaited<ReturnType<typeof startApiOn>>;
let proxy: FaultProxy;
let payer: Payer;
let viewer: SignedIn;
const running: (() => void)[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  log = openLog(testDatabase.database, testDatabase.appUrl);
  api = await startApiOn(log, testDatabase.appUrl);
  proxy = await startFaultProxy(() => Number(new URL(api.url).port));
});
beforeEach(async () => {
  payer = await seedPayer(log.database);
  viewer = await signIn(log, payer.organizationId, ['VIEWER']);
});
afterEach(async () => {
  for (const stop of running.splice(0)) stop();
  await expect.poll(() => api.openSubscriptions()).toBe(0);
});
afterAll(async () => {
  await proxy.close();
  await api.close();
  await log.close();
  await testDatabase.drop();
});

const cursorAt = (number: number) => encodeEventCursor(payer.organizationId, BigInt(number));
const cursorsUpTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, index) => cursorAt(from + index));

function startClient(options: Partial<ResumingOptions>) {
  const live = resumingExchange({
    url: `ws://127.0.0.1:${proxy.port}/graphql`,
    webSocketImpl: WebSocket,
    timing: QUICK,
    ...options,
  });
  const client = new Client({ url: api.url, exchanges: [live.exchange, fetchExchange] });
  return {
    kind: () => live.connection.getSnapshot().kind,
    follow(query: typeof EVENTS, variables: Record<string, unknown>) {
      const follower = {
        messages: [] as Record<string, unknown>[],
        cursors: [] as unknown[],
        errors: [] as unknown[],
      };
      const { unsubscribe } = pipe(
        client.subscription(query, variables),
        subscribe(({ data, error }: OperationResult) => {
          const [message] = Object.values((data ?? {}) as Record<string, Record<string, unknown> | null>);
          if (message != null) {
            follower.messages.push(message);
            follower.cursors.push(message.cursor);
          }
          if (error !== undefined)
            follower.errors.push(error.graphQLErrors[0]?.extensions.code ?? error.message);
        }),
      );
      running.push(unsubscribe);
      return { ...follower, stop: unsubscribe };
    },
  };
}

async function revoke({ sessionId }: SignedIn): Promise<void> {
  await log.database
    .updateTable('session')
    .set({ revokedAt: new Date() })
    .where('id', '=', sessionId)
    .execute();
}

test(`${CUTS} cuts, two other tokens and a restart: every entry once and in order`, async () => {
  const random = seededRandom(SEED);
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const writer = startEventWriter(testDatabase.appUrl);
  const id = encodeNodeId('Organization', payer.organizationId);
  const [renewed, last] = await Promise.all([0, 1].map(() => signIn(log, payer.organizationId, ['VIEWER'])));
  if (renewed === undefined || last === undefined) return expect.fail('nobody');
  let session = viewer;
  const asked: string[] = [];
  const { kind, follow } = startClient({
    connectionParams: () => {
      asked.push(session.token);
      return { authorization: `Bearer ${session.token}` };
    },
    onUnauthenticated: async () => {
      session = last;
      return true;
    },
  });
  const all = follow(EVENTS, { id, after: cursorAt(0) });
  const late = follow(EVENTS, { id, after: cursorAt(0), alsoAt: 'the same socket' });
  let written = 0;
  const write = async () => {
    const subjectIds = Array.from({ length: upTo(MAX_EVENTS_PER_CUT) }, () => randomUUID());
    written += subjectIds.length;
    await writer.write([{ organizationId: payer.organizationId, subjectIds, heldMs: 0 }]);
  };

  const happenings = new Map<number, () => unknown>([
    [
      60,
      () => {
        session = renewed;
      },
    ],
    [120, () => revoke(renewed)],
    [
      160,
      async () => {
        const leaving = api;
        api = await startApiOn(log, testDatabase.appUrl);
        await leaving.close();
      },
    ],
  ]);
  for (let cut = proxy.cuts(); cut < CUTS; cut = proxy.cuts()) {
    for (const [from, happen] of happenings) {
      if (cut < from) continue;
      happenings.delete(from);
      await happen();
    }
    // Most cuts are in the middle of what the server sends, the others at any time.
    const isByBytes = random() < 0.7;
    if (isByBytes) proxy.cutAfterBytes(upTo(MAX_BYTES_TO_CUT));
    await write();
    if (isByBytes) {
      const isCut = () => proxy.cuts() > cut || all.cursors.length >= written;
      await expect.poll(isCut, { interval: 2 }).toBe(true);
    }
    if (proxy.cuts() === cut) proxy.cut();
  }
  await write();
  const expected = cursorsUpTo(written);
  await expect.poll(() => [all.cursors.length, late.cursors.length]).toEqual([written, written]);
  expect(all.cursors).toEqual(expected);
  expect(late.cursors).toEqual(expected);
  expect([...all.errors, ...late.errors]).toEqual([]);
  expect([...happenings.keys()]).toEqual([]);
  // Each token was used, in this order.
  expect([...new Set(asked)]).toEqual([viewer.token, renewed.token, last.token]);
  await expect.poll(kind).toBe('LIVE');
  await writer.stop();
});

test('a session that ends while nothing is written is renewed, and one that is not ends the subscription', async () => {
  const id = encodeNodeId('Organization', payer.organizationId);
  const next = await signIn(log, payer.organizationId, ['VIEWER']);
  let session = viewer;
  let asked = 0;
  const { kind, follow } = startClient({
    connectionParams: () => ({ authorization: `Bearer ${session.token}` }),
    onUnauthenticated: async () => {
      asked += 1;
      session = next;
      return asked === 1;
    },
  });
  const all = follow(EVENTS, { id, after: cursorAt(0) });
  await expect.poll(kind).toBe('LIVE');
  await revoke(viewer);
  await expect.poll(() => asked).toBe(1);
  await seedBatch((await signIn(log, payer.organizationId, ['OWNER'])).context, payer);
  await expect.poll(() => all.cursors).toEqual(cursorsUpTo(1));
  await revoke(next);
  await expect.poll(() => all.errors).toEqual(['UNAUTHENTICATED']);
  expect([kind(), asked]).toEqual(['ENDED', 2]);
});

test('an expired position is told, and the app goes on from the oldest that works', async () => {
  const owner = await signIn(log, payer.organizationId, ['OWNER']);
  await seedBatch(owner.context, payer);
  await seedBatch(owner.context, payer);
  const prunedBy = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
  const later = new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * 24 * 3_600_000);
  await pruneEvents(prunedBy, payer.organizationId, later);
  await prunedBy.destroy();
  const { follow } = startClient({
    connectionParams: () => ({ authorization: `Bearer ${viewer.token}` }),
    onCursorLost: ({ oldest }) => (oldest === null ? undefined : { after: oldest }),
  });
  const all = follow(EVENTS, { id: encodeNodeId('Organization', payer.organizationId), after: cursorAt(0) });
  await expect.poll(() => all.errors).toEqual(['CURSOR_EXPIRED']);
  await seedBatch(owner.context, payer);
  await expect.poll(() => all.cursors).toEqual(cursorsUpTo(3, 3));
});

test('a batch: the state, again after a loss until something has followed it, then each change', async () => {
  const owner = await signIn(log, payer.organizationId, ['OWNER']);
  const payoutBatchId = await seedBatch(owner.context, payer);
  const { follow } = startClient({ connectionParams: () => ({ authorization: `Bearer ${viewer.token}` }) });
  const batch = follow(BATCH, { id: encodeNodeId('PayoutBatch', payoutBatchId) });
  const kinds = () => batch.messages.map(({ kind, status }) => `${kind} ${status}`);
  await expect.poll(kinds).toEqual(['SNAPSHOT DRAFT']);
  proxy.cut();
  await expect.poll(kinds).toEqual(['SNAPSHOT DRAFT', 'SNAPSHOT DRAFT']);
  await payoutBatchSubmit(owner.context, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
  await expect.poll(kinds).toHaveLength(3);
  proxy.cut();
  await payoutBatchCancel(owner.context, { payoutBatchId });
  await expect
    .poll(kinds)
    .toEqual([...['SNAPSHOT DRAFT', 'SNAPSHOT DRAFT'], ...['CHANGED PENDING_APPROVAL', 'CHANGED CANCELLED']]);
});
