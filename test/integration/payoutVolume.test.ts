import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, type SeededOrganization, seedWorld } from '../kit/seed.ts';

const DAY_MS = 86_400_000;
/** More than these tests take. */
const RUN_MS = 60_000;

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  // All tests are of one day: where it ends too soon, of the next one.
  const leftMs = DAY_MS - (Date.now() % DAY_MS);
  if (leftMs < RUN_MS) await delay(leftMs);
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

const VOLUME = `query ($id: ID!, $days: Int) { organization(id: $id) {
  payoutVolume(days: $days) { day payoutCount total { units amount asset { id symbol } } } } }`;

type Volume = { day: string; payoutCount: number; total: { units: string; asset: { id: string } } };

async function volumeOf({ id, people }: SeededOrganization, days?: number): Promise<Volume[]> {
  const { client } = required(Object.values(people)[0], 'A member');
  const answer = await client.request<{ organization: { payoutVolume: Volume[] } }>(VOLUME, {
    id,
    ...(days === undefined ? {} : { days }),
  });
  return answer.organization.payoutVolume;
}

/** A moment so many days ago, in UTC; `time` as in "23:59:59". */
function daysAgo(days: number, time = '12:00:00'): Date {
  const day = new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
  return new Date(`${day}T${time}.000Z`);
}
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

async function transactionAt(includedAt: Date): Promise<string> {
  const { id } = await api.database
    .insertInto('chainTransaction')
    .values({
      chainId: seed.chainUuid,
      // Several organizations' at once have none: a chunk is one's, whoever's transaction executed it.
      organizationId: null,
      kind: 'FOREIGN',
      status: 'FINAL',
      hash: `0x${randomBytes(32).toString('hex')}`,
      blockNumber: 90n,
      blockHash: `0x${'cd'.repeat(32)}`,
      includedAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** What the indexer writes of a chunk that a block has executed. */
async function execute(
  batchId: string,
  chunkIndex: number,
  includedAt: Date,
  status: 'FINAL' | 'CONFIRMED' = 'FINAL',
): Promise<void> {
  await api.database
    .updateTable('payoutChunk')
    .set({
      status,
      blockNumber: 90n,
      includedAt,
      transactionId: await transactionAt(includedAt),
    })
    .where('batchId', '=', batchId)
    .where('chunkIndex', '=', chunkIndex)
    .execute();
}

/** A row that its chunk did not deliver; null: no retry did, either. */
async function except(
  organization: SeededOrganization,
  batchId: string,
  rowIndex: number,
  chunkIndex: number,
  retriedAt: Date | null,
): Promise<void> {
  const row = { batchId, rowIndex, chunkIndex, organizationId: organization.uuid };
  await api.database
    .insertInto('payoutException')
    .values(
      retriedAt === null
        ? { ...row, status: 'UNDELIVERED', failureCode: 'TOKEN_REFUSED' }
        : {
            ...row,
            status: 'FINAL',
            blockNumber: 91n,
            transactionId: await transactionAt(retriedAt),
          },
    )
    .execute();
}

/** Base units of rows `from` to `to`, both included, as the seed pays them. */
function unitsOf(from: number, to: number): bigint {
  let units = 0n;
  for (let row = from; row <= to; row += 1) units += BigInt(row + 1) * 1_000_000n + 500_000n;
  return units;
}

it('is the sum of what was delivered, by day of the block in UTC', async () => {
  const acme = await seed.organization('Acme', { alice: ['OWNER', 'APPROVER'] });
  const account = await acme.account();
  const { uuid } = await account.batch(450);
  const chunks = await api.database
    .selectFrom('payoutChunk')
    .select(['firstRowIndex', 'rowCount'])
    .where('batchId', '=', uuid)
    .orderBy('chunkIndex')
    .execute();
  expect(chunks.length).toBeGreaterThanOrEqual(3);
  const [first, second, third] = chunks;
  const lastOf = (chunk: (typeof chunks)[number] | undefined) =>
    required(chunk, 'A chunk').firstRowIndex + required(chunk, 'A chunk').rowCount - 1;

  await execute(uuid, 0, daysAgo(2, '23:59:59'));
  await execute(uuid, 1, daysAgo(1, '00:00:00'));
  await execute(uuid, 2, daysAgo(1), 'CONFIRMED');
  await except(acme, uuid, 0, 0, null);
  await except(acme, uuid, lastOf(first), 0, daysAgo(0, '00:00:00'));

  const asset = { id: nodeId('Asset', seed.usdcUuid), symbol: 'USDC' };
  const lastOfFirst = lastOf(first);
  const deliveredFirst = unitsOf(1, lastOfFirst - 1);
  const deliveredSecond = unitsOf(required(second, 'A chunk').firstRowIndex, lastOf(second));
  expect(third).toBeDefined();
  expect(await volumeOf(acme)).toMatchObject([
    {
      day: dayOf(daysAgo(2)),
      payoutCount: lastOfFirst - 1,
      total: { units: `${deliveredFirst}`, asset },
    },
    { day: dayOf(daysAgo(1)), payoutCount: second?.rowCount, total: { units: `${deliveredSecond}`, asset } },
    {
      day: dayOf(daysAgo(0)),
      payoutCount: 1,
      total: { units: `${unitsOf(lastOfFirst, lastOfFirst)}`, asset },
    },
  ]);
  expect((await volumeOf(acme, 2)).map(({ day }) => day)).toEqual([dayOf(daysAgo(1)), dayOf(daysAgo(0))]);
  expect((await volumeOf(acme, 1)).map(({ day }) => day)).toEqual([dayOf(daysAgo(0))]);

  const { rows } = await sql<{ units: bigint; count: number }>`
    select sum(payout.units) as units, count(*)::int as count
    from payout
    join payout_chunk chunk on chunk.batch_id = payout.batch_id
      and payout.row_index between chunk.first_row_index and chunk.first_row_index + chunk.row_count - 1
    left join payout_exception exception on exception.batch_id = payout.batch_id
      and exception.row_index = payout.row_index
    where payout.batch_id = ${uuid} and coalesce(exception.status, chunk.status) = 'FINAL'`.execute(
    api.database,
  );
  const volume = await volumeOf(acme);
  expect(volume.reduce((sum, { total }) => sum + BigInt(total.units), 0n)).toBe(rows[0]?.units);
  expect(volume.reduce((sum, { payoutCount }) => sum + payoutCount, 0)).toBe(rows[0]?.count);
});

it('leaves out a day whose every row failed, and whose is another’s', async () => {
  const acme = await seed.organization('Acme', { alice: ['OWNER', 'APPROVER'] });
  const rival = await seed.organization('Rival', { mallory: ['OWNER', 'APPROVER'] });
  const { uuid } = await (await acme.account()).batch(1);
  await execute(uuid, 0, daysAgo(3));
  await except(acme, uuid, 0, 0, null);
  const { uuid: paid } = await (await acme.account()).batch(1);
  await execute(paid, 0, daysAgo(0));
  expect((await volumeOf(acme)).map(({ day }) => day)).toEqual([dayOf(daysAgo(0))]);
  expect(await volumeOf(rival)).toEqual([]);
});

it('goes back at most 366 days, and at least to today', async () => {
  const acme = await seed.organization('Acme', { alice: ['OWNER'] });
  const { client } = required(acme.people.alice, 'alice');
  for (const days of [0, -1, 367]) {
    expect(await client.errorCode(VOLUME, { id: acme.id, days })).toBe('BAD_USER_INPUT');
  }
  expect(await volumeOf(acme, 366)).toEqual([]);
});

it('costs one statement for all organizations of a viewer', async () => {
  const alice = await seed.person('alice');
  const measure = async () => {
    const { value, statements } = await api.countStatements(() =>
      alice.client.request<{ viewer: { memberships: object[] } }>(
        '{ viewer { memberships { organization { payoutVolume { day } } } } }',
      ),
    );
    return { count: value.viewer.memberships.length, statements: statements.length };
  };
  const found = async (name: string) =>
    alice.client.request(
      `mutation ($name: String!, $key: String!) { organizationCreate(input: { name: $name, members: [], idempotencyKey: $key }) {
        organization { id } } }`,
      { name, key: name },
    );
  await found('First');
  const one = await measure();
  for (let index = 0; index < 3; index += 1) await found(`More ${index}`);
  expect(await measure()).toEqual({ count: one.count + 3, statements: one.statements });
});
