import type { Updateable } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { readEngineSnapshot } from '../../payouts/engineSnapshot.ts';
import type { PayoutBatchTable } from '../../prisma/generated/database.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { type Seed, type SeededBatch, seedWorld } from '../kit/seed.ts';
import { PAUSE, PausesKit } from './pausesKit.ts';

// What people see of pauses.

let api: TestApi;
let seed: Seed;
let kit: PausesKit;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
beforeEach(async () => {
  kit = await PausesKit.create(api, seed);
});
afterAll(() => api?.close());

/** For what is read here it does not matter how fast the machine is. */
const PATIENT_MS = 60_000;
const SCOPES = [
  ['chain', 'All payouts on Test chain are paused by bob: “The node lies”.'],
  ['account', 'All payouts of the account “Treasury” are paused by bob: “The node lies”.'],
  ['payoutBatch', 'This batch is paused by bob: “The node lies”.'],
] as const;

it.each(SCOPES)('%sPause is seen at once, and gone at once with the resume', async (scope, message) => {
  await kit.batch.submit();
  expect((await kit.state()).blocker).toBeNull();
  const paused = await kit.pause(scope);
  expect(paused).toMatchObject({ underWay: { payoutCount: 0, transactionCount: 0 }, userErrors: [] });
  expect(paused.eventCursor).not.toBeNull();
  const held = await kit.state();
  expect(held.blocker).toEqual({ code: 'PAUSED', message });
  const shown = {
    scope: { chain: 'CHAIN', account: 'ACCOUNT', payoutBatch: 'PAYOUT_BATCH' }[scope],
    reason: 'The node lies',
    pausedBy: { displayName: 'bob' },
  };
  expect(held.organization.chainPauses).toHaveLength(scope === 'chain' ? 1 : 0);
  const own = {
    chain: held.organization.chainPauses[0],
    account: held.account.pause,
    payoutBatch: held.pause,
  };
  expect(own[scope]).toMatchObject(shown);
  expect(Object.values(own).filter((found) => found != null)).toHaveLength(1);
  expect((await kit.resume(scope)).eventCursor).not.toBeNull();
  expect(await kit.state()).toEqual({
    blocker: null,
    pause: null,
    account: { pause: null },
    organization: { chainPauses: [] },
  });
});

it('says every pause that holds a batch, the widest first', async () => {
  await kit.batch.submit();
  await kit.pause('payoutBatch', 'petra', 'A row is wrong');
  await kit.pause('chain');
  expect((await kit.state()).blocker?.message).toBe(
    'All payouts on Test chain are paused by bob: “The node lies”. This batch is paused by petra: “A row is wrong”.',
  );
  await kit.resume('chain');
  expect((await kit.state()).blocker?.message).toBe('This batch is paused by petra: “A row is wrong”.');
});

it('who watches a batch hears of pauses of its account and chain, too, also when it asks later', async () => {
  const { organization } = await kit
    .member('vera')
    .client.request<{ organization: { eventCursor: string } }>(
      'query ($id: ID!) { organization(id: $id) { eventCursor } }',
      { id: kit.acme.id },
    );
  const watch = (after: string | null) =>
    kit.member('vera').client.subscribe<{ payoutBatchUpdated: { status: string } }>(
      `subscription ($id: ID!, $after: EventCursor) { payoutBatchUpdated(payoutBatchId: $id, after: $after) {
        kind status progress { pending } payoutBatch { blocker { code } } } }`,
      { id: kit.batch.id, after },
    );
  const live = watch(null);
  expect((await live.next()).value).toMatchObject({ data: { payoutBatchUpdated: { kind: 'SNAPSHOT' } } });
  await kit.pause('chain');
  await kit.batch.submit();
  await kit.pause('account');
  await kit.resume('chain');
  await kit.pause('payoutBatch');
  const told = async (stream: typeof live) => {
    const statuses: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { value } = await stream.next();
      expect(value).toMatchObject({
        errors: [],
        data: { payoutBatchUpdated: { kind: 'CHANGED', progress: { pending: 3 } } },
      });
      statuses.push(required(value?.data?.payoutBatchUpdated.status, 'A status'));
    }
    await stream.return();
    return statuses;
  };
  const expected = ['DRAFT', 'PENDING_APPROVAL', 'PENDING_APPROVAL', 'PENDING_APPROVAL', 'PENDING_APPROVAL'];
  expect(await told(live)).toEqual(expected);
  expect(await told(watch(organization.eventCursor))).toEqual(expected);
});

it('a chain is paused for one organization alone', async () => {
  const other = await kit.seed.organization('Other', { oscar: ['OWNER', 'APPROVER'] });
  const theirs = await (await other.account()).batch(1);
  await theirs.submit();
  await kit.batch.submit();
  await kit.pause('chain');
  const { payoutBatch } = await required(other.people.oscar, 'oscar').client.request<{ payoutBatch: object }>(
    'query ($id: ID!) { payoutBatch(id: $id) { blocker { code } organization { chainPauses { reason } } } }',
    { id: theirs.id },
  );
  expect(payoutBatch).toMatchObject({ blocker: { code: 'NOT_FUNDED' }, organization: { chainPauses: [] } });
});

const COMPLETED = { status: 'COMPLETED', pendingCount: 0, finalCount: 3, openedAtBlock: 2n } as const;

it.each([COMPLETED, { status: 'CANCELLED' }] as const)(
  'what has ended, $status, is not paused; nor is a pause of it shown or counted any more',
  async (ended) => {
    await kit.batch.submit();
    await kit.pause('payoutBatch');
    expect((await kit.state()).pause).not.toBeNull();
    const before = await pausedBatches();
    await setBatch(kit.batch, ended);
    expect(await kit.state()).toMatchObject({ pause: null, blocker: null });
    expect(await pausedBatches()).toBe(before - 1);
    expect(await kit.pause('payoutBatch')).toMatchObject({ userErrors: [{ code: 'BATCH_ENDED' }] });
    // Its owners may open it after all, and the pause holds it then.
    await setBatch(kit.batch, { status: 'EXECUTING', pendingCount: 3, finalCount: 0 });
    expect(await kit.state()).toMatchObject({
      pause: { reason: 'The node lies' },
      blocker: { code: 'PAUSED' },
    });
    expect(await pausedBatches()).toBe(before);
  },
);

async function pausedBatches(): Promise<number> {
  const { pauses } = await readEngineSnapshot(kit.api.database, PATIENT_MS);
  return required(
    pauses.find(({ scope }) => scope === 'PAYOUT_BATCH'),
    'The scope',
  ).pauses;
}

async function setBatch({ uuid }: SeededBatch, values: Updateable<PayoutBatchTable>) {
  await kit.api.database.updateTable('payoutBatch').set(values).where('id', '=', uuid).execute();
}

const SIGNED = { pendingCount: 0, submittedCount: 3 } as const;

it('a draft is PAUSED at once; what is signed already is not, and what is left of it is counted', async () => {
  await kit.pause('payoutBatch');
  expect((await kit.state()).blocker).toMatchObject({ code: 'PAUSED' });
  await kit.batch.submit();
  for (const status of ['APPROVED', 'EXECUTING'] as const) {
    const opened = status === 'EXECUTING' ? { openedAtBlock: 2n } : {};
    await setBatch(kit.batch, { status, ...SIGNED, ...opened });
    const { blocker, pause: shown } = await kit.state();
    expect(blocker).toBeNull();
    expect(shown).toMatchObject({ underWay: { payoutCount: 3, transactionCount: 0 } });
    await setBatch(kit.batch, { pendingCount: 1, submittedCount: 2 });
    expect(await kit.state()).toMatchObject({
      blocker: { code: 'PAUSED' },
      pause: { underWay: { payoutCount: 2, transactionCount: 0 } },
    });
  }
});

it('chains’ pauses cost as many statements for one organization as for several', async () => {
  const read = () =>
    kit.api.countStatements(() =>
      kit
        .member('olga')
        .client.request(
          `{ viewer { memberships { organization { chainPauses { ${PAUSE} chain { name } } } } } }`,
        ),
    );
  await kit.pause('chain');
  const one = await read();
  const { id } = await kit.seed.organization('Second', { someone: ['OWNER'] });
  await kit.api.database
    .insertInto('membership')
    .values({ organizationId: uuidOf(id), userId: kit.member('olga').userId, roles: ['OWNER'] })
    .execute();
  await kit.send(
    kit.member('olga'),
    'chainPause',
    { ...kit.inputOf('chain'), organizationId: id, reason: 'x' },
    'eventCursor',
  );
  const two = await read();
  expect(JSON.stringify(two.value).match(/"reason"/g)).toHaveLength(2);
  expect(two.statements.length).toBe(one.statements.length);
});

function uuidOf(id: string): string {
  return Buffer.from(id, 'base64url').toString('utf8').split(':')[1] ?? '';
}
