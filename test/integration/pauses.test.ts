import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, seedWorld } from '../kit/seed.ts';
import { PAUSE_SCOPES, PausesKit } from './pausesKit.ts';

// What people may do of pauses, and what is kept of it. What they see: pausesShown.test.ts; what the engine makes of them:
// payoutsPaused.test.ts.

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

async function jobs(): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from graphile_worker.jobs`.execute(kit.api.database);
  return rows.map(({ key }) => key);
}

it.each(PAUSE_SCOPES)('%s: pausing and resuming again change nothing', async (scope) => {
  await kit.pause(scope);
  expect(await kit.pause(scope, 'olga', 'Another reason')).toMatchObject({
    eventCursor: null,
    userErrors: [],
  });
  const { pause: own, account: of, organization } = await kit.state();
  expect(own ?? of.pause ?? organization.chainPauses[0]).toMatchObject({ reason: 'The node lies' });
  await kit.resume(scope);
  expect(await kit.resume(scope)).toMatchObject({ eventCursor: null, userErrors: [] });
});

it('many who pause at once make one pause and one entry', async () => {
  const answers = await Promise.all(
    ['olga', 'adam', 'petra', 'bob'].flatMap((name) => [
      kit.pause('account', name),
      kit.pause('account', name),
    ]),
  );
  expect(answers.filter(({ eventCursor }) => eventCursor !== null)).toHaveLength(1);
  const { rows } = await log();
  expect(rows.filter(({ type }) => type === 'ACCOUNT_PAUSED')).toHaveLength(1);
});

async function log() {
  const { organization } = await kit.member('vera').client.request<{
    organization: { events: { edges: { node: { type: string } }[] } };
  }>(
    `query ($id: ID!) { organization(id: $id) { events(last: 50) { edges { node { type subject { id }
      ... on PauseEvent { changedBy { ... on User { displayName } } } ... on PausedEvent { reason }
      ... on ChainPauseEvent { chain { name } } ... on AccountEvent { account { name } }
      ... on PayoutBatchEvent { status progress { pending } } } } } } }`,
    { id: kit.acme.id },
  );
  return { rows: organization.events.edges.map(({ node }) => node) };
}

it('the log tells who paused and resumed what, and why', async () => {
  for (const scope of PAUSE_SCOPES) {
    await kit.pause(scope);
    await kit.resume(scope);
  }
  const by = (displayName: string) => ({ changedBy: { displayName } });
  const reason = 'The node lies';
  const chain = { subject: { id: nodeId('Chain', kit.seed.chainUuid) }, chain: { name: 'Test chain' } };
  const of = { subject: { id: kit.account.id }, account: { name: 'Treasury' } };
  const draft = { subject: { id: kit.batch.id }, status: 'DRAFT', progress: { pending: 3 } };
  expect((await log()).rows.slice(-6)).toEqual([
    { type: 'CHAIN_PAUSED', ...chain, ...by('bob'), reason },
    { type: 'CHAIN_RESUMED', ...chain, ...by('adam') },
    { type: 'ACCOUNT_PAUSED', ...of, ...by('bob'), reason },
    { type: 'ACCOUNT_RESUMED', ...of, ...by('adam') },
    { type: 'PAYOUT_BATCH_PAUSED', ...draft, ...by('bob'), reason },
    { type: 'PAYOUT_BATCH_RESUMED', ...draft, ...by('adam') },
  ]);
});

it.each([
  ['olga', true, true],
  ['adam', true, true],
  ['petra', true, false],
  ['bob', true, false],
  ['vera', false, false],
] as const)('%s may pause: %s, resume: %s', async (name, mayPause, mayResume) => {
  for (const scope of PAUSE_SCOPES) {
    const paused = await kit.send(
      kit.member(name),
      `${scope}Pause`,
      { ...kit.inputOf(scope), reason: 'x' },
      'eventCursor',
    );
    const resumed = await kit.send(kit.member(name), `${scope}Resume`, kit.inputOf(scope), 'eventCursor');
    const codes = [paused, resumed].map(({ errors }) => errors[0]?.extensions?.code ?? null);
    expect(codes).toEqual([mayPause ? null : 'FORBIDDEN', mayResume ? null : 'FORBIDDEN']);
  }
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
  const refused = await kit.pause('account', 'bob', reason);
  expect(refused).toMatchObject({
    eventCursor: null,
    userErrors: [{ code: 'REASON_INVALID', path: ['input', 'reason'], message }],
  });
  expect((await kit.state()).account.pause).toBeNull();
});

it('a resume has the engine look at what waited, and at nothing else', async () => {
  const waiting = await kit.account.batch(1, 'Waiting');
  for (const { uuid, submit } of [kit.batch, waiting]) {
    await submit();
    await kit.api.database
      .updateTable('payoutBatch')
      .set({ status: 'APPROVED' })
      .where('id', '=', uuid)
      .execute();
  }
  await kit.pause('account');
  expect(await jobs()).not.toContain(`batch.advance:${waiting.uuid}`);
  await kit.resume('account');
  const woken = await jobs();
  expect(woken).toContain(`batch.advance:${kit.batch.uuid}`);
  expect(woken).toContain(`batch.advance:${waiting.uuid}`);
});
