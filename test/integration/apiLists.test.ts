import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PayoutStatus } from '../../prisma/generated/database.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import type { TestClient } from '../kit/client.ts';
import {
  type Seed,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  seedWorld,
} from '../kit/seed.ts';

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
let account: SeededAccount;
let alice: TestClient;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
  acme = await seed.organization('Acme', {
    alice: ['PROPOSER', 'APPROVER'],
    bob: ['APPROVER'],
    carol: ['APPROVER'],
  });
  account = await acme.account();
  alice = client('alice');
});
afterAll(() => api.close());

function client(name: string): TestClient {
  const found = acme.people[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found.client;
}

type Node = Record<string, unknown>;
type Page = {
  edges: { cursor: string; node: Node }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

/** One page of a list below `root(id:)`. */
async function page(root: string, id: string, list: string, args: string, fields: string): Promise<Page> {
  const data = await alice.request<Record<string, Record<string, Page>>>(
    `query ($id: ID!) { ${root}(id: $id) { ${list}${args === '' ? '' : `(${args})`} {
      edges { cursor node { ${fields} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
    { id },
  );
  const found = data[root]?.[list];
  if (found === undefined) throw new Error('no page');
  return found;
}

describe('keyset pages', () => {
  let batch: SeededBatch;
  beforeAll(async () => {
    batch = await account.batch(453, 'Long');
  });
  const payouts = (args: string) => page('payoutBatch', batch.id, 'payouts', args, 'index');
  const indexes = (found: Page) => found.edges.map(({ node }) => node.index as number);

  it('are 20 long unless told otherwise', async () => {
    const first = await payouts('');
    expect(indexes(first)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('walk a list forwards and backwards without a gap or a repetition', async () => {
    const forwards: number[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const found = await payouts(`first: 100${after === null ? '' : `, after: "${after}"`}`);
      forwards.push(...indexes(found));
      ({ endCursor: after, hasNextPage: more } = found.pageInfo);
    }
    expect(forwards).toEqual(Array.from({ length: 453 }, (_, index) => index));
    const backwards: number[] = [];
    for (let before: string | null = null, more = true; more; ) {
      const found = await payouts(`last: 100${before === null ? '' : `, before: "${before}"`}`);
      backwards.unshift(...indexes(found));
      ({ startCursor: before, hasPreviousPage: more } = found.pageInfo);
    }
    expect(backwards).toEqual(forwards);
  });

  it('take both ends, a first row, and none', async () => {
    const [tenth, twentieth] = (await payouts('first: 21')).edges.filter(
      (_, index) => index === 10 || index === 20,
    );
    expect(indexes(await payouts(`after: "${tenth?.cursor}", before: "${twentieth?.cursor}"`))).toEqual([
      11, 12, 13, 14, 15, 16, 17, 18, 19,
    ]);
    expect(indexes(await payouts('fromIndex: 450'))).toEqual([450, 451, 452]);
    expect(await payouts('first: 0')).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('stay where they are while rows are added', async () => {
    const batches = (args: string) => page('account', account.id, 'payoutBatches', args, 'title');
    await account.batch(1, 'Older');
    const newest = await batches('first: 1');
    await account.batch(1, 'Newer');
    const next = await batches(`first: 1, after: "${newest.pageInfo.endCursor}"`);
    expect([newest.edges[0]?.node.title, next.edges[0]?.node.title]).toEqual(['Older', 'Long']);
  });
});

describe('payout statuses', () => {
  let batch: SeededBatch;
  /** 450 rows in chunks of 200: FINAL, INCLUDED (one row undelivered), PENDING. */
  beforeAll(async () => {
    batch = await account.batch(450, 'Statuses');
    const { rowsPerChunk } = await api.database
      .selectFrom('payoutBatch')
      .select('rowsPerChunk')
      .where('id', '=', batch.uuid)
      .executeTakeFirstOrThrow();
    const transaction = await landed();
    const set = (chunkIndex: number, status: PayoutStatus) =>
      api.database
        .updateTable('payoutChunk')
        .set({ status, transactionId: transaction, blockNumber: 97n })
        .where('batchId', '=', batch.uuid)
        .where('chunkIndex', '=', chunkIndex)
        .execute();
    await set(0, 'FINAL');
    await set(1, 'INCLUDED');
    await api.database
      .insertInto('payoutException')
      .values({
        batchId: batch.uuid,
        rowIndex: rowsPerChunk + 7,
        organizationId: acme.uuid,
        chunkIndex: 1,
        status: 'UNDELIVERED',
        failureCode: 'TOKEN_REFUSED',
        failureMessage: 'The token refused.',
        transactionId: transaction,
      })
      .execute();
    await api.database
      .updateTable('payoutBatch')
      .set({
        finalCount: rowsPerChunk,
        includedCount: rowsPerChunk - 1,
        undeliveredCount: 1,
        pendingCount: 450 - 2 * rowsPerChunk,
      })
      .where('id', '=', batch.uuid)
      .execute();
    perChunk = rowsPerChunk;
  });
  let perChunk: number;

  async function landed(): Promise<string> {
    const row = await api.database
      .insertInto('chainTransaction')
      .values({
        chainId: seed.chainUuid,
        organizationId: acme.uuid,
        batchId: batch.uuid,
        kind: 'CHUNK',
        status: 'INCLUDED',
        hash: `0x${'12'.repeat(32)}`,
        blockNumber: 97n,
        blockHash: `0x${'34'.repeat(32)}`,
        includedAt: new Date(),
        feeUnits: 1_000_000_000_000_000n,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  const FIELDS = `index status failure { code message }
    transaction { hash confirmations fee { amount asset { symbol } } explorerUrl }`;
  const payouts = (args: string) => page('payoutBatch', batch.id, 'payouts', args, FIELDS);

  it('are the chunk’s, or the row’s own', async () => {
    const found = (await payouts(`fromIndex: ${perChunk + 6}, first: 3`)).edges.map(({ node }) => node);
    const transaction = {
      hash: `0x${'12'.repeat(32)}`,
      confirmations: 4,
      fee: { amount: '0.001000000000000000', asset: { symbol: 'ETH' } },
      explorerUrl: `https://explorer.example/tx/0x${'12'.repeat(32)}`,
    };
    expect(found).toEqual([
      { index: perChunk + 6, status: 'INCLUDED', failure: null, transaction },
      {
        index: perChunk + 7,
        status: 'UNDELIVERED',
        failure: { code: 'TOKEN_REFUSED', message: 'The token refused.' },
        transaction,
      },
      { index: perChunk + 8, status: 'INCLUDED', failure: null, transaction },
    ]);
    const [pending] = (await payouts(`fromIndex: ${2 * perChunk}, first: 1`)).edges;
    expect(pending?.node).toEqual({
      index: 2 * perChunk,
      status: 'PENDING',
      failure: null,
      transaction: null,
    });
  });

  it('filter a batch exactly, both ways', async () => {
    const all = async (args: string) => {
      const found: number[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const next = await payouts(`first: 100, ${args}${after === null ? '' : `, after: "${after}"`}`);
        found.push(...next.edges.map(({ node }) => node.index as number));
        ({ endCursor: after, hasNextPage: more } = next.pageInfo);
      }
      return found;
    };
    const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
    const included = rows(perChunk, 2 * perChunk).filter((index) => index !== perChunk + 7);
    expect(await all('status: [UNDELIVERED]')).toEqual([perChunk + 7]);
    expect(await all('status: [INCLUDED]')).toEqual(included);
    expect(await all('status: [PENDING, FINAL]')).toEqual([...rows(0, perChunk), ...rows(2 * perChunk, 450)]);
    expect(await all('status: [UNDELIVERED, INCLUDED, FINAL, PENDING]')).toEqual(rows(0, 450));
    expect(await all(`status: [INCLUDED], fromIndex: ${2 * perChunk - 2}`)).toEqual(included.slice(-2));
    expect(await all('status: [FAILED]')).toEqual([]);
    const last = await payouts('last: 2, status: [FINAL, UNDELIVERED]');
    expect(last.edges.map(({ node }) => node.index)).toEqual([perChunk - 1, perChunk + 7]);
    expect(last.pageInfo.hasPreviousPage).toBe(true);
  });

  it('answer whether somebody was paid, across batches', async () => {
    const find = async (args: string) =>
      (
        await page(
          'organization',
          acme.id,
          'payouts',
          args,
          'index status reference recipient batch { title }',
        )
      ).edges.map(({ node }) => node);
    const [undelivered, ...none] = await find('status: [UNDELIVERED]');
    expect(none).toEqual([]);
    expect(undelivered).toMatchObject({ index: perChunk + 7, batch: { title: 'Statuses' } });
    expect(await find(`reference: "${undelivered?.reference}"`)).toEqual([undelivered]);
    const recipient = `${undelivered?.recipient}`;
    expect(await find(`recipient: "${recipient.toLowerCase()}"`)).toEqual([undelivered]);
    expect(await find(`recipient: "${recipient}", status: [FINAL]`)).toEqual([]);
    expect(await find('first: 2')).toMatchObject([
      { index: 449, batch: { title: 'Statuses' } },
      { index: 448, batch: { title: 'Statuses' } },
    ]);
  });
});

describe('payouts across batches', () => {
  it('are walked both ways, with a status and without, in one order', async () => {
    const few = await seed.organization('Few', { alice: ['PROPOSER', 'APPROVER'] });
    const owner = few.people.alice;
    if (owner === undefined) throw new Error('no alice');
    const till = await few.account();
    const titles = ['First', 'Second', 'Third'];
    for (const title of titles) await till.batch(9, title);
    const walk = async (filter: string, end: 'first' | 'last') => {
      const found: string[] = [];
      for (let cursor: string | null = null, more = true; more; ) {
        const position: string =
          cursor === null ? '' : `, ${end === 'first' ? 'after' : 'before'}: "${cursor}"`;
        const answer: { organization: { payouts: Page } } = await owner.client.request(
          `query ($id: ID!) { organization(id: $id) { payouts(${end}: 4${position}${filter}) {
            edges { cursor node { reference } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
          { id: few.id },
        );
        const { edges, pageInfo } = answer.organization.payouts;
        const references = edges.map(({ node }) => `${node.reference}`);
        if (end === 'first') found.push(...references);
        else found.unshift(...references);
        cursor = end === 'first' ? pageInfo.endCursor : pageInfo.startCursor;
        more = end === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
      }
      return found;
    };
    const expected = titles
      .toReversed()
      .flatMap((title) => Array.from({ length: 9 }, (_, index) => `${title} ${8 - index}`));
    for (const filter of ['', ', status: [PENDING]', ', status: [PENDING, FINAL]']) {
      expect(await walk(filter, 'first')).toEqual(expected);
      expect(await walk(filter, 'last')).toEqual(expected);
    }
    expect(await walk(', status: [FINAL]', 'first')).toEqual([]);
    expect(await walk(', reference: "Second 3", status: [PENDING]', 'first')).toEqual(['Second 3']);
  });
});
