import { type DocumentNode, type ExecutionResult, execute, parse, subscribe } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeNodeId } from '../../core/ids.ts';
import { encodeEventCursor } from '../../events/eventCursor.ts';
import { EVENT_RETENTION_DAYS, pruneEvents } from '../../events/pruneEvents.ts';
import { unitOfWork } from '../../events/unitOfWork.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { createLoaders } from '../../resolvers/loaders.ts';
import { payoutBatchSubmit } from '../../resolvers/payoutBatch/payoutBatchSubmit.ts';
import type { WatchContext } from '../../resolvers/watch/watchService.ts';
import { createWatchService, type WatchService } from '../../resolvers/watch/watchService.ts';
import { schema } from '../../schema/schema.ts';
import type { SchemaContext } from '../../schema/schemaContext.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { openLog, type Payer, seedPayer } from './importSeed.ts';
import { seedBatch, seedWatcher } from './watchSeed.ts';

let testDatabase: TestDatabase;
let log: ReturnType<typeof openLog>;
let watch: WatchService;
let payer: Payer;
let owner: WatchContext;
let organizationId: string;

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
  organizationId = encodeNodeId('Organization', payer.organizationId);
});

function schemaContext(context: WatchContext): SchemaContext {
  return {
    ...context,
    loaders: createLoaders(context),
    publicOrigin: 'https://api.example.com',
    pageOrigin: 'https://api.example.com',
    clientAddress: null,
    eventCursors: null,
    sessionCookie: { set: () => {}, clear: () => {} },
  };
}
async function query(document: DocumentNode, variableValues: Record<string, unknown>) {
  const result = await execute({
    schema,
    document,
    variableValues,
    contextValue: schemaContext(owner),
  });
  return result as ExecutionResult<Record<string, never>>;
}

const EVENTS = parse(/* GraphQL */ `
  query ($organizationId: ID!, $first: Int, $after: String, $last: Int, $before: String, $types: [EventType!]) {
    organization(id: $organizationId) {
      eventCursor
      events(first: $first, after: $after, last: $last, before: $before, types: $types) {
        edges {
          cursor
          node {
            __typename
            cursor
            type
            subject { __typename id }
            ... on PayoutBatchEvent { status progress { pending } payoutBatch { status } }
            ... on ApprovalEvent { approval { status } payoutBatch { id } }
          }
        }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);

type Listed = {
  edges: { cursor: string; node: { __typename: string; cursor: string; type: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
};
async function list(variables: Record<string, unknown>): Promise<Listed> {
  const { data, errors } = await query(EVENTS, { organizationId, ...variables });
  expect(errors).toBeUndefined();
  return (data as unknown as { organization: { events: Listed } }).organization.events;
}
const cursorAt = (number: number) => encodeEventCursor(payer.organizationId, BigInt(number));
const positions = ({ edges }: Listed) =>
  edges.map(({ cursor }) => [1, 2, 3, 4, 5, 6, 7].find((number) => cursorAt(number) === cursor));

describe('Organization.events', () => {
  beforeEach(async () => {
    for (let i = 0; i < 2; i += 1) {
      const payoutBatchId = await seedBatch(owner, payer);
      await payoutBatchSubmit(owner, { payoutBatchId, openWindowSeconds: null, closeDelaySeconds: null });
    }
  });

  test('is the log itself: ascending, with the entries’ own cursors and types', async () => {
    const page = await list({});
    expect(positions(page)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { cursor, node } of page.edges) expect(node.cursor).toBe(cursor);
    expect(page.edges.map(({ node }) => node.__typename).slice(0, 3)).toEqual([
      'PayoutBatchCreated',
      'PayoutBatchStatusChanged',
      'ApprovalRequested',
    ]);
    expect(page.edges[0]?.node).toMatchObject({
      subject: { __typename: 'PayoutBatch' },
      status: 'DRAFT',
      progress: { pending: 1 },
      payoutBatch: { status: 'PENDING_APPROVAL' },
    });
    expect(page.edges[2]?.node).toMatchObject({
      subject: { __typename: 'Approval' },
      approval: { status: 'PENDING' },
    });
    expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
  });

  test('pages in both directions, with and without types', async () => {
    const types = ['PAYOUT_BATCH_CREATED', 'APPROVAL_REQUESTED'];
    const first = await list({ first: 4 });
    expect(positions(first)).toEqual([1, 2, 3, 4]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await list({ first: 4, after: first.pageInfo.endCursor });
    expect(positions(second)).toEqual([5, 6]);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const last = await list({ last: 2 });
    expect(positions(last)).toEqual([5, 6]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(positions(await list({ last: 2, before: cursorAt(5) }))).toEqual([3, 4]);
    const typed = positions(await list({ types }));
    expect(typed.length).toBe(4);
    expect(positions(await list({ types, first: 3 }))).toEqual(typed.slice(0, 3));
    expect(positions(await list({ types, last: 3 }))).toEqual(typed.slice(1));
    expect(positions(await list({ types, first: 2, after: cursorAt(typed[0] ?? 0) }))).toEqual(
      typed.slice(1, 3),
    );
    expect(positions(await list({ types: [] }))).toEqual([]);
  });

  test('finds entries of one type by an index, however many others there are', async () => {
    await unitOfWork(log, async (work) => {
      for (let i = 0; i < 3_000; i += 1) {
        work.record({
          organizationId: payer.organizationId,
          type: 'ACCOUNT_OPENED',
          subjectId: payer.accountId,
          payload: {},
        });
      }
    });
    const page = await list({ types: ['APPROVAL_REQUESTED'], last: 1 });
    expect(positions(page)).toEqual([6]);
  });

  test('cursors of other logs, and expired ones with the oldest that works', async () => {
    const foreign = await query(EVENTS, {
      organizationId,
      after: encodeEventCursor(payer.accountId, 1n),
    });
    expect(foreign.errors?.[0]?.originalError).toMatchObject({
      code: 'CURSOR_INVALID',
    });
    const prunedBy = createDatabase(createPool(testDatabase.ownerUrl, { maxConnections: 1 }));
    const later = new Date(Date.now() + (EVENT_RETENTION_DAYS + 1) * 24 * 3_600_000);
    await pruneEvents(prunedBy, payer.organizationId, later);
    await prunedBy.destroy();
    const expired = await query(EVENTS, { organizationId, after: cursorAt(2) });
    expect(expired.errors?.[0]?.originalError).toMatchObject({
      code: 'CURSOR_EXPIRED',
      oldest: cursorAt(6),
    });
  });
});

describe('a subscription', () => {
  const WATCH = parse(/* GraphQL */ `
    subscription ($id: ID!, $after: EventCursor) {
      payoutBatchUpdated(payoutBatchId: $id, after: $after) {
        cursor kind status progress { pending } changes { firstIndex } payoutBatch { id status }
      }
    }
  `);
  type Message = ExecutionResult<{ payoutBatchUpdated: Record<string, unknown> }>;
  const open = async (id: string, after: string | null = null) =>
    (await subscribe({
      schema,
      document: WATCH,
      variableValues: { id, after },
      contextValue: schemaContext(owner),
    })) as AsyncGenerator<Message> & Message;

  test('answers with the schema’s types, and its last message says why it ended', async () => {
    const batchId = await seedBatch(owner, payer);
    const stream = await open(encodeNodeId('PayoutBatch', batchId));
    const first = (await stream.next()).value as Message;
    expect(first.errors).toBeUndefined();
    expect(first.data?.payoutBatchUpdated).toMatchObject({
      kind: 'SNAPSHOT',
      status: 'DRAFT',
      progress: { pending: 1 },
      changes: [],
      payoutBatch: { status: 'DRAFT' },
    });
    await log.database
      .updateTable('session')
      .set({ revokedAt: new Date() })
      .where('id', '=', owner.viewer?.sessionId ?? '')
      .execute();
    const submitter = await seedWatcher(log, watch, payer.organizationId, ['OWNER']);
    await payoutBatchSubmit(submitter, {
      payoutBatchId: batchId,
      openWindowSeconds: null,
      closeDelaySeconds: null,
    });
    const last = (await stream.next()).value as Message;
    expect(last.errors?.[0]?.originalError).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await stream.next()).done).toBe(true);
    expect(watch.slots.openCount()).toBe(0);
    await expect.poll(() => watch.feed.followedCount()).toBe(0);
  });

  test('of a malformed id, another type’s or none of ours is not found', async () => {
    for (const id of ['x', organizationId, encodeNodeId('PayoutBatch', payer.accountId)]) {
      const refused = await open(id);
      expect(refused.errors?.[0]?.originalError).toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});
