import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeNodeId } from '../../core/ids.ts';
import { decodeEventCursor, encodeEventCursor } from '../../events/eventCursor.ts';
import { EVENT_RETENTION_DAYS, pruneEvents } from '../../events/pruneEvents.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import { MAX_SUBSCRIPTIONS_PER_SESSION } from '../../resolvers/watch/subscriptionSlots.ts';
import {
  MAX_OPERATIONS_PER_WEBSOCKET,
  MAX_WEBSOCKETS_PER_CLIENT_ADDRESS,
} from '../../server/http/webSocketServer.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { startEventWriter } from './eventsKit.ts';
import { openLog, type Payer, seedPayer } from './importSeed.ts';
import {
  type Message,
  type SignedIn,
  type StreamClient,
  signIn,
  sseClient,
  startApiOn,
  webSocketClient,
} from './subscriptionsApi.ts';
import { seedBatch } from './watchSeed.ts';

const WATCH_BATCH = /* GraphQL */ `
  subscription ($id: ID!, $after: EventCursor) {
    payoutBatchUpdated(payoutBatchId: $id, after: $after) {
      cursor kind status progress { pending } changes { firstIndex } payoutBatch { id status }
    }
  }`;
const WATCH_EVENTS = /* GraphQL */ `
  subscription ($id: ID!, $after: EventCursor) {
    events(organizationId: $id, after: $after) { __typename cursor ... on AccountOpened { type } }
  }`;

let testDatabase: TestDatabase;
let log: ReturnType<typeof openLog>;
let api: Awaited<ReturnType<typeof startApiOn>>;
let payer: Payer;
let owner: SignedIn;
let viewer: SignedIn;
const clients: StreamClient[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  log = openLog(testDatabase.database, testDatabase.appUrl);
  api = await startApiOn(log, testDatabase.appUrl);
});
afterAll(async () => {
  await api.close();
  await log.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  payer = await seedPayer(log.database);
  owner = await signIn(log, payer.organizationId, ['OWNER']);
  viewer = await signIn(log, payer.organizationId, ['VIEWER']);
});
afterEach(async () => {
  // However a test left its connections, the server lets go of everything.
  for (const client of clients.splice(0)) client.close();
  await expect.poll(() => api.openSubscriptions()).toBe(0);
});

const organizationNode = () => encodeNodeId('Organization', payer.organizationId);
const cursorAt = (number: number) => encodeEventCursor(payer.organizationId, BigInt(number));
const submit = (payoutBatchId: string) =>
  payoutBatchSubmit(owner.context, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });

async function nextMessage(stream: AsyncIterableIterator<Message>): Promise<Message> {
  const { done, value } = await stream.next();
  return done ? expect.fail('The stream has ended.') : value;
}
async function nextField(stream: AsyncIterableIterator<Message>): Promise<Record<string, unknown>> {
  const message = await nextMessage(stream);
  expect(message.errors).toBeUndefined();
  return Object.values(message.data ?? {})[0] as Record<string, unknown>;
}
async function expectEnd(stream: AsyncIterableIterator<Message>, extensions: object): Promise<void> {
  const message = await nextMessage(stream);
  expect(message.errors?.[0]?.extensions).toMatchObject(extensions);
  expect((await stream.next()).done).toBe(true);
}

describe.each([
  { transport: 'graphql-transport-ws', makeClient: webSocketClient },
  { transport: 'server-sent events', makeClient: sseClient },
])('over $transport', ({ makeClient }) => {
  function connect(token: string | null, origin?: string): StreamClient {
    const client = makeClient(api.url, token, origin);
    clients.push(client);
    return client;
  }

  test('state first, then live; the batch beside it is never older', async () => {
    const batchId = await seedBatch(owner.context, payer);
    const id = encodeNodeId('PayoutBatch', batchId);
    const stream = connect(viewer.token).subscribe(WATCH_BATCH, { id });
    expect(await nextField(stream)).toEqual({
      cursor: cursorAt(1),
      kind: 'SNAPSHOT',
      status: 'DRAFT',
      progress: { pending: 1 },
      changes: [],
      payoutBatch: { id, status: 'DRAFT' },
    });
    await submit(batchId);
    expect(await nextField(stream)).toMatchObject({
      kind: 'CHANGED',
      status: 'PENDING_APPROVAL',
      payoutBatch: { id, status: 'PENDING_APPROVAL' },
    });
    await stream.return?.();
    await expect.poll(() => api.openSubscriptions()).toBe(0);
  });

  test('the end of the session is the last message', async () => {
    const batchId = await seedBatch(owner.context, payer);
    const id = encodeNodeId('PayoutBatch', batchId);
    const stream = connect(viewer.token).subscribe(WATCH_BATCH, { id });
    await nextField(stream);
    await log.database
      .updateTable('session')
      .set({ revokedAt: new Date() })
      .where('id', '=', viewer.sessionId)
      .execute();
    await submit(batchId);
    await expectEnd(stream, { code: 'UNAUTHENTICATED' });
  });

  test('nobody, strangers and cursors that do not fit are told so', async () => {
    const batchId = await seedBatch(owner.context, payer);
    const id = encodeNodeId('PayoutBatch', batchId);
    const stranger = await signIn(log, payer.organizationId, []);
    await expectEnd(connect(null).subscribe(WATCH_BATCH, { id }), { code: 'UNAUTHENTICATED' });
    await expectEnd(connect(stranger.token).subscribe(WATCH_BATCH, { id }), { code: 'NOT_FOUND' });
    const member = connect(viewer.token);
    await expectEnd(member.subscribe(WATCH_BATCH, { id: encodeNodeId('PayoutBatch', randomUUID()) }), {
      code: 'NOT_FOUND',
    });
    await expectEnd(member.subscribe(WATCH_BATCH, { id, after: cursorAt(9) }), { code: 'CURSOR_INVALID' });
    await expectEnd(member.subscribe(WATCH_BATCH, { id, after: 'nonsense' }), { code: 'CURSOR_INVALID' });
  });

  test('an expired cursor is answered with the oldest that works', async () => {
    await seedBatch(owner.context, payer);
    const prunedBy = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
    const later = new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * 24 * 3_600_000);
    await pruneEvents(prunedBy, payer.organizationId, later);
    await prunedBy.destroy();
    const stream = connect(viewer.token).subscribe(WATCH_EVENTS, {
      id: organizationNode(),
      after: cursorAt(0),
    });
    await expectEnd(stream, { code: 'CURSOR_EXPIRED', oldest: cursorAt(1) });
  });

  test('another process writes while clients come, go and resume: nothing skipped, nothing twice', async () => {
    const writer = startEventWriter(testDatabase.appUrl);
    const { organizationId } = payer;
    const id = organizationNode();
    const transactions = Array.from({ length: 40 }, (_, index) => ({
      organizationId,
      subjectIds: Array.from({ length: 1 + (index % 3) }, () => randomUUID()),
      heldMs: (index * 7) % 11,
    }));
    const total = transactions.flatMap(({ subjectIds }) => subjectIds).length;
    const follow = async (leaveAfter: number) => {
      const seen: bigint[] = [];
      while (seen.length < total) {
        const after = encodeEventCursor(organizationId, seen.at(-1) ?? 0n);
        const client = connect(viewer.token);
        const stream = client.subscribe(WATCH_EVENTS, { id, after });
        for (let left = leaveAfter; left > 0 && seen.length < total; left -= 1) {
          const { cursor } = await nextField(stream);
          seen.push(decodeEventCursor(organizationId, `${cursor}`));
        }
        // Half of the clients say goodbye, the others are cut off.
        if (leaveAfter % 2 === 0) await stream.return?.();
        client.close();
      }
      return seen;
    };
    const followers = [1_000, 7, 10, 3].map(follow);
    for (let i = 0; i < transactions.length; i += 4) await writer.write(transactions.slice(i, i + 4));
    for (const seen of await Promise.all(followers)) {
      expect(seen).toEqual(Array.from({ length: total }, (_, index) => BigInt(index + 1)));
    }
    await writer.stop();
  });

  test('a page of another origin is refused', async () => {
    const batchId = await seedBatch(owner.context, payer);
    const id = encodeNodeId('PayoutBatch', batchId);
    const own = connect(viewer.token, new URL(api.url).origin).subscribe(WATCH_BATCH, { id });
    expect(await nextField(own)).toMatchObject({ kind: 'SNAPSHOT' });
    const foreign = connect(viewer.token, 'https://evil.example').subscribe(WATCH_BATCH, { id });
    await expect(foreign.next()).rejects.toBeDefined();
  });

  test('a session has so many subscriptions, over all its connections', async () => {
    const id = organizationNode();
    await seedBatch(owner.context, payer);
    const first = connect(viewer.token);
    const streams = Array.from({ length: MAX_SUBSCRIPTIONS_PER_SESSION }, () =>
      first.subscribe(WATCH_EVENTS, { id, after: cursorAt(0) }),
    );
    await Promise.all(streams.map(nextField));
    const another = connect(viewer.token).subscribe(WATCH_EVENTS, { id, after: cursorAt(0) });
    await expectEnd(another, { code: 'LIMIT_EXCEEDED', limit: 'MAX_SUBSCRIPTIONS_PER_SESSION' });
    const somebodyElse = connect(owner.token).subscribe(WATCH_EVENTS, { id, after: cursorAt(0) });
    await nextField(somebodyElse);
  });
});

test('a WebSocket runs so many operations at once', async () => {
  await seedBatch(owner.context, payer);
  const client = webSocketClient(api.url, viewer.token);
  clients.push(client);
  const streams = Array.from({ length: MAX_OPERATIONS_PER_WEBSOCKET }, () =>
    client.subscribe(WATCH_EVENTS, { id: organizationNode(), after: cursorAt(0) }),
  );
  await Promise.all(streams.map(nextField));
  const over = client.subscribe(WATCH_EVENTS, { id: organizationNode() });
  const refusal = await over.next().catch((error: unknown) => error);
  expect(refusal).toMatchObject([
    { extensions: { code: 'LIMIT_EXCEEDED', limit: 'MAX_OPERATIONS_PER_WEBSOCKET' } },
  ]);
  await streams[0]?.return?.();
  await expect.poll(() => api.openSubscriptions()).toBe(MAX_OPERATIONS_PER_WEBSOCKET - 1);
  const again = client.subscribe(WATCH_EVENTS, { id: organizationNode(), after: cursorAt(0) });
  await nextField(again);
});

test.each([
  ['nothing', {}],
  ['a token that is none', { authorization: 'Bearer wrong' }],
])('a WebSocket that brings %s is closed, and one with a session stays', async (_, payload) => {
  const signedIn = await connectWith(api.url, { authorization: `Bearer ${viewer.token}` });
  const nobody = await connectWith(api.url, payload);
  expect(await nobody.closed).toBe(4403);
  expect(signedIn.socket.readyState).toBe(WebSocket.OPEN);
  signedIn.socket.terminate();
});

/** A WebSocket as the protocol has it, without a client of its own. */
async function connectWith(url: string, payload: object) {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  return { socket, closed };
}

test('one client address has so many WebSockets, and gets their places back', async () => {
  const own = await startApiOn(log, testDatabase.appUrl);
  // With a session: others are closed after a while, and on a slow machine before all are open.
  const connect = () => connectWith(own.url, { authorization: `Bearer ${viewer.token}` });
  const first = await connect();
  for (let count = 1; count < MAX_WEBSOCKETS_PER_CLIENT_ADDRESS; count += 1) await connect();
  await expect(connect()).rejects.toThrow('429');
  first.socket.close();
  await first.closed;
  const isTaken = () =>
    connect().then(
      () => true,
      () => false,
    );
  await expect.poll(isTaken).toBe(true);
  await own.close();
});

test('closing the server ends every stream, and clients go on elsewhere from their last cursor', async () => {
  await seedBatch(owner.context, payer);
  const leaving = await startApiOn(log, testDatabase.appUrl);
  const variables = { id: organizationNode(), after: cursorAt(0) };
  const ended = [webSocketClient, sseClient].map(async (makeClient) => {
    const client = makeClient(leaving.url, viewer.token);
    clients.push(client);
    const stream = client.subscribe(WATCH_EVENTS, variables);
    const { cursor } = await nextField(stream);
    return {
      cursor,
      end: stream.next().then(
        () => 'done',
        () => 'cut off',
      ),
    };
  });
  const followers = await Promise.all(ended);
  expect(await leaving.openSubscriptions()).toBe(2);
  await leaving.close();
  await Promise.all(followers.map(({ end }) => end));
  await seedBatch(owner.context, payer);
  const again = webSocketClient(api.url, viewer.token);
  clients.push(again);
  for (const { cursor } of followers) {
    const resumed = again.subscribe(WATCH_EVENTS, { id: organizationNode(), after: cursor });
    expect(await nextField(resumed)).toMatchObject({ cursor: cursorAt(2) });
  }
});
