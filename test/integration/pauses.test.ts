import { sql, type Updateable } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { required } from '../../core/errors.ts';
import { readEngineSnapshot } from '../../payouts/engineSnapshot.ts';
import type { PayoutBatchTable } from '../../prisma/generated/database.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import {
  nodeId,
  type Seed,
  type SeededAccount,
  type SeededBatch,
  type SeededOrganization,
  type SeededPerson,
  seedWorld,
} from '../kit/seed.ts';

// What people see and may do of pauses; what the engine makes of them: payoutsPaused.test.ts.

let api: TestApi;
let seed: Seed;
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedWorld(api);
});
afterAll(() => api.close());

let acme: SeededOrganization;
let account: SeededAccount;
let batch: SeededBatch;
beforeEach(async () => {
  acme = await seed.organization('Acme', {
    olga: ['OWNER'],
    adam: ['ADMIN'],
    petra: ['PROPOSER'],
    bob: ['APPROVER'],
    vera: ['VIEWER'],
  });
  account = await acme.account();
  await account.hold(1_000_000_000n);
  batch = await account.batch(3);
});

function member(name: string): SeededPerson {
  return required(acme.people[name], name);
}

type Scope = 'chain' | 'account' | 'payoutBatch';
type Answer = {
  underWay: { payoutCount: number; transactionCount: number };
  eventCursor: string | null;
  userErrors: { code: string; path: string[] | null }[];
};

function inputOf(scope: Scope) {
  if (scope === 'account') return { accountId: account.id };
  if (scope === 'payoutBatch') return { payoutBatchId: batch.id };
  return { organizationId: acme.id, chainId: nodeId('Chain', seed.chainUuid) };
}

async function send(person: SeededPerson, name: string, input: object, select: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${select} userErrors { code path message } } }`;
  return person.client.send<Record<string, Answer>>(document, { input });
}

async function pause(scope: Scope, by = 'bob', reason = 'The node lies'): Promise<Answer> {
  const input = { ...inputOf(scope), reason };
  const select = 'underWay { payoutCount transactionCount } eventCursor';
  const { data, errors } = await send(member(by), `${scope}Pause`, input, select);
  expect(errors).toEqual([]);
  return data?.[`${scope}Pause`] as Answer;
}

async function resume(scope: Scope, by = 'adam'): Promise<Answer> {
  const { data, errors } = await send(member(by), `${scope}Resume`, inputOf(scope), 'eventCursor');
  expect(errors).toEqual([]);
  return data?.[`${scope}Resume`] as Answer;
}

const PAUSE =
  'scope reason pausedBy { ... on User { displayName } } pausedAt underWay { payoutCount transactionCount }';

async function state() {
  const { payoutBatch } = await member('vera').client.request<{
    payoutBatch: {
      blocker: { code: string; message: string } | null;
      pause: object | null;
      account: { pause: object | null };
      organization: { chainPauses: object[] };
    };
  }>(
    `query ($id: ID!) { payoutBatch(id: $id) {
      blocker { code message } pause { ${PAUSE} payoutBatch { id } account { id } chain { id } }
      account { pause { ${PAUSE} account { id } } } organization { chainPauses { ${PAUSE} chain { name } } } } }`,
    { id: batch.id },
  );
  return payoutBatch;
}

async function jobs(): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from graphile_worker.jobs`.execute(api.database);
  return rows.map(({ key }) => key);
}

const SCOPES = [
  ['chain', 'All payouts on Test chain are paused by bob: “The node lies”.'],
  ['account', 'All payouts of the account “Treasury” are paused by bob: “The node lies”.'],
  ['payoutBatch', 'This batch is paused by bob: “The node lies”.'],
] as const;

it.each(SCOPES)('%sPause is seen at once, and gone at once with the resume', async (scope, message) => {
  await batch.submit();
  expect((await state()).blocker).toBeNull();
  const paused = await pause(scope);
  expect(paused).toMatchObject({ underWay: { payoutCount: 0, transactionCount: 0 }, userErrors: [] });
  expect(paused.eventCursor).not.toBeNull();
  const held = await state();
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
  expect((await resume(scope)).eventCursor).not.toBeNull();
  expect(await state()).toEqual({
    blocker: null,
    pause: null,
    account: { pause: null },
    organization: { chainPauses: [] },
  });
});

it('says every pause that holds a batch, the widest first', async () => {
  await batch.submit();
  await pause('payoutBatch', 'petra', 'A row is wrong');
  await pause('chain');
  expect((await state()).blocker?.message).toBe(
    'All payouts on Test chain are paused by bob: “The node lies”. This batch is paused by petra: “A row is wrong”.',
  );
  await resume('chain');
  expect((await state()).blocker?.message).toBe('This batch is paused by petra: “A row is wrong”.');
});

it.each(SCOPES)('%s: pausing and resuming again change nothing', async (scope) => {
  await pause(scope);
  expect(await pause(scope, 'olga', 'Another reason')).toMatchObject({ eventCursor: null, userErrors: [] });
  const { pause: own, account: of, organization } = await state();
  expect(own ?? of.pause ?? organization.chainPauses[0]).toMatchObject({ reason: 'The node lies' });
  await resume(scope);
  expect(await resume(scope)).toMatchObject({ eventCursor: null, userErrors: [] });
});

it('many who pause at once make one pause and one entry', async () => {
  const answers = await Promise.all(
    ['olga', 'adam', 'petra', 'bob'].flatMap((name) => [pause('account', name), pause('account', name)]),
  );
  expect(answers.filter(({ eventCursor }) => eventCursor !== null)).toHaveLength(1);
  const { rows } = await log();
  expect(rows.filter(({ type }) => type === 'ACCOUNT_PAUSED')).toHaveLength(1);
});

async function log() {
  const { organization } = await member('vera').client.request<{
    organization: { events: { edges: { node: { type: string } }[] } };
  }>(
    `query ($id: ID!) { organization(id: $id) { events(last: 50) { edges { node { type subject { id }
      ... on PauseEvent { changedBy { ... on User { displayName } } } ... on PausedEvent { reason }
      ... on ChainPauseEvent { chain { name } } ... on AccountEvent { account { name } }
      ... on PayoutBatchEvent { status progress { pending } } } } } } }`,
    { id: acme.id },
  );
  return { rows: organization.events.edges.map(({ node }) => node) };
}

it('the log tells who paused and resumed what, and why', async () => {
  for (const [scope] of SCOPES) {
    await pause(scope);
    await resume(scope);
  }
  const by = (displayName: string) => ({ changedBy: { displayName } });
  const reason = 'The node lies';
  const chain = { subject: { id: nodeId('Chain', seed.chainUuid) }, chain: { name: 'Test chain' } };
  const of = { subject: { id: account.id }, account: { name: 'Treasury' } };
  const draft = { subject: { id: batch.id }, status: 'DRAFT', progress: { pending: 3 } };
  expect((await log()).rows.slice(-6)).toEqual([
    { type: 'CHAIN_PAUSED', ...chain, ...by('bob'), reason },
    { type: 'CHAIN_RESUMED', ...chain, ...by('adam') },
    { type: 'ACCOUNT_PAUSED', ...of, ...by('bob'), reason },
    { type: 'ACCOUNT_RESUMED', ...of, ...by('adam') },
    { type: 'PAYOUT_BATCH_PAUSED', ...draft, ...by('bob'), reason },
    { type: 'PAYOUT_BATCH_RESUMED', ...draft, ...by('adam') },
  ]);
});

it('who watches a batch hears of pauses of its account and chain, too, also when it asks later', async () => {
  const { organization } = await member('vera').client.request<{ organization: { eventCursor: string } }>(
    'query ($id: ID!) { organization(id: $id) { eventCursor } }',
    { id: acme.id },
  );
  const watch = (after: string | null) =>
    member('vera').client.subscribe<{ payoutBatchUpdated: { status: string } }>(
      `subscription ($id: ID!, $after: EventCursor) { payoutBatchUpdated(payoutBatchId: $id, after: $after) {
        kind status progress { pending } payoutBatch { blocker { code } } } }`,
      { id: batch.id, after },
    );
  const live = watch(null);
  expect((await live.next()).value).toMatchObject({ data: { payoutBatchUpdated: { kind: 'SNAPSHOT' } } });
  await pause('chain');
  await batch.submit();
  await pause('account');
  await resume('chain');
  await pause('payoutBatch');
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

it.each([
  ['olga', true, true],
  ['adam', true, true],
  ['petra', true, false],
  ['bob', true, false],
  ['vera', false, false],
] as const)('%s may pause: %s, resume: %s', async (name, mayPause, mayResume) => {
  for (const [scope] of SCOPES) {
    const paused = await send(
      member(name),
      `${scope}Pause`,
      { ...inputOf(scope), reason: 'x' },
      'eventCursor',
    );
    const resumed = await send(member(name), `${scope}Resume`, inputOf(scope), 'eventCursor');
    const codes = [paused, resumed].map(({ errors }) => errors[0]?.extensions?.code ?? null);
    expect(codes).toEqual([mayPause ? null : 'FORBIDDEN', mayResume ? null : 'FORBIDDEN']);
  }
});

it('a chain is paused for one organization alone', async () => {
  const other = await seed.organization('Other', { oscar: ['OWNER', 'APPROVER'] });
  const theirs = await (await other.account()).batch(1);
  await theirs.submit();
  await batch.submit();
  await pause('chain');
  const { payoutBatch } = await required(other.people.oscar, 'oscar').client.request<{ payoutBatch: object }>(
    'query ($id: ID!) { payoutBatch(id: $id) { blocker { code } organization { chainPauses { reason } } } }',
    { id: theirs.id },
  );
  expect(payoutBatch).toMatchObject({ blocker: { code: 'NOT_FUNDED' }, organization: { chainPauses: [] } });
});

const REASON_LENGTH = 'Say why, in 1 to 1000 characters.';
const REASON_CHARACTERS =
  'The reason holds control characters or ones that reverse its direction. Type it again.';
it.each([
  ['empty', '', REASON_LENGTH],
  ['blank', '   ', REASON_LENGTH],
  ['too long', 'a'.repeat(1_001), REASON_LENGTH],
  ['too long, a pair counting as two', '😀'.repeat(501), REASON_LENGTH],
  ['with control characters', 'a\u0007b', REASON_CHARACTERS],
  ['with what turns the text around', 'paid \u202eXEF', REASON_CHARACTERS],
  ['with an isolate', 'a\u2066b', REASON_CHARACTERS],
])('a reason is not %s', async (_, reason, message) => {
  const refused = await pause('account', 'bob', reason);
  expect(refused).toMatchObject({
    eventCursor: null,
    userErrors: [{ code: 'REASON_INVALID', path: ['input', 'reason'], message }],
  });
  expect((await state()).account.pause).toBeNull();
});

const COMPLETED = { status: 'COMPLETED', pendingCount: 0, finalCount: 3, openedAtBlock: 2n } as const;

it.each([COMPLETED, { status: 'CANCELLED' }] as const)(
  'what has ended, $status, is not paused; nor is a pause of it shown or counted any more',
  async (ended) => {
    await batch.submit();
    await pause('payoutBatch');
    expect((await state()).pause).not.toBeNull();
    const before = await pausedBatches();
    await setBatch(batch, ended);
    expect(await state()).toMatchObject({ pause: null, blocker: null });
    expect(await pausedBatches()).toBe(before - 1);
    expect(await pause('payoutBatch')).toMatchObject({ userErrors: [{ code: 'BATCH_ENDED' }] });
    // Its owners may open it after all, and the pause holds it then.
    await setBatch(batch, { status: 'EXECUTING', pendingCount: 3, finalCount: 0 });
    expect(await state()).toMatchObject({ pause: { reason: 'The node lies' }, blocker: { code: 'PAUSED' } });
    expect(await pausedBatches()).toBe(before);
  },
);

async function pausedBatches(): Promise<number> {
  const { pauses } = await readEngineSnapshot(api.database);
  return required(
    pauses.find(({ scope }) => scope === 'PAYOUT_BATCH'),
    'The scope',
  ).pauses;
}

async function setBatch({ uuid }: SeededBatch, values: Updateable<PayoutBatchTable>) {
  await api.database.updateTable('payoutBatch').set(values).where('id', '=', uuid).execute();
}

const SIGNED = { pendingCount: 0, submittedCount: 3 } as const;

it('a draft is PAUSED at once; what is signed already is not, and what is left of it is counted', async () => {
  await pause('payoutBatch');
  expect((await state()).blocker).toMatchObject({ code: 'PAUSED' });
  await batch.submit();
  for (const status of ['APPROVED', 'EXECUTING'] as const) {
    const opened = status === 'EXECUTING' ? { openedAtBlock: 2n } : {};
    await setBatch(batch, { status, ...SIGNED, ...opened });
    const { blocker, pause: shown } = await state();
    expect(blocker).toBeNull();
    expect(shown).toMatchObject({ underWay: { payoutCount: 3, transactionCount: 0 } });
    await setBatch(batch, { pendingCount: 1, submittedCount: 2 });
    expect(await state()).toMatchObject({
      blocker: { code: 'PAUSED' },
      pause: { underWay: { payoutCount: 2, transactionCount: 0 } },
    });
  }
});

it('a resume has the engine look at what waited, and at nothing else', async () => {
  const waiting = await account.batch(1, 'Waiting');
  for (const { uuid, submit } of [batch, waiting]) {
    await submit();
    await api.database
      .updateTable('payoutBatch')
      .set({ status: 'APPROVED' })
      .where('id', '=', uuid)
      .execute();
  }
  await pause('account');
  expect(await jobs()).not.toContain(`batch.advance:${waiting.uuid}`);
  await resume('account');
  const woken = await jobs();
  expect(woken).toContain(`batch.advance:${batch.uuid}`);
  expect(woken).toContain(`batch.advance:${waiting.uuid}`);
});

it('chains’ pauses cost as many statements for one organization as for several', async () => {
  const read = () =>
    api.countStatements(() =>
      member('olga').client.request(
        `{ viewer { memberships { organization { chainPauses { ${PAUSE} chain { name } } } } } }`,
      ),
    );
  await pause('chain');
  const one = await read();
  const { id } = await seed.organization('Second', { someone: ['OWNER'] });
  await api.database
    .insertInto('membership')
    .values({ organizationId: uuidOf(id), userId: member('olga').userId, roles: ['OWNER'] })
    .execute();
  await send(
    member('olga'),
    'chainPause',
    { ...inputOf('chain'), organizationId: id, reason: 'x' },
    'eventCursor',
  );
  const two = await read();
  expect(JSON.stringify(two.value).match(/"reason"/g)).toHaveLength(2);
  expect(two.statements.length).toBe(one.statements.length);
});

function uuidOf(id: string): string {
  return Buffer.from(id, 'base64url').toString('utf8').split(':')[1] ?? '';
}
