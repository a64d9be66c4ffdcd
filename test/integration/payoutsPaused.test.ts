import { sql } from 'kysely';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { MAX_CHUNKS_WITH_OPEN } from '../../payouts/chunksWithOpen.ts';
import { recover } from '../../payouts/recover.ts';
import { approvalReject } from '../../resolvers/approval/approvalReject.ts';
import { accountPause } from '../../resolvers/pause/accountPause.ts';
import { accountResume } from '../../resolvers/pause/accountResume.ts';
import { chainPause } from '../../resolvers/pause/chainPause.ts';
import { chainResume } from '../../resolvers/pause/chainResume.ts';
import { payoutBatchPause } from '../../resolvers/pause/payoutBatchPause.ts';
import { payoutBatchResume } from '../../resolvers/pause/payoutBatchResume.ts';
import { payoutBatchCancel } from '../../resolvers/payoutBatch/payoutBatchCancel.ts';
import { findPayout } from '../../server/tracing/findPayout.ts';
import { setBlocked } from './indexerKit.ts';
import {
  advanceUnheard,
  approvedBatch,
  grantAll,
  openedBatch,
  ownerContext,
  signedKinds,
} from './payoutsBatches.ts';
import { eventually } from './payoutsEventually.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { type Account, type Approver, type Payee, totalOf } from './payoutsSeed.ts';

// What the engine makes of pauses: nothing new is signed once one has answered, and what was signed is looked after.

const ROWS_PER_CHUNK = 200;
const REASON = 'The node lies';

let kit: PayoutsKit;
let owner: pg.Client;
beforeAll(async () => {
  kit = await startPayoutsKit();
  owner = new pg.Client({ connectionString: kit.testDatabase.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await kit?.stop();
});

/** An open batch with a chunk more than goes out with its open. */
const openBatch = () => openedBatch(kit, ROWS_PER_CHUNK * (MAX_CHUNKS_WITH_OPEN + 1));
const context = () => ownerContext(kit);

async function organizationAndChain(batchId: string) {
  const { organizationId, chainId } = await kit.batch(batchId);
  return { organizationId, chainId };
}

/** Each kind of pause of what a batch is of. */
const PAUSES = [
  [
    'chain',
    async (batchId: string) =>
      chainPause(context(), { ...(await organizationAndChain(batchId)), reason: REASON }),
    async (batchId: string) => chainResume(context(), await organizationAndChain(batchId)),
  ],
  [
    'account',
    (_: string, account: Account) => accountPause(context(), { accountId: account.id, reason: REASON }),
    (_: string, account: Account) => accountResume(context(), { accountId: account.id }),
  ],
  [
    'batch',
    (payoutBatchId: string) => payoutBatchPause(context(), { payoutBatchId, reason: REASON }),
    (payoutBatchId: string) => payoutBatchResume(context(), { payoutBatchId }),
  ],
] as const;

async function expectPaid(batchId: string, lines: readonly Payee[]) {
  await eventually(async () => {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine();
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED', finalCount: lines.length });
  });
  await kit.requirePaidOnce(lines);
}

test.each(PAUSES)('a paused %s opens nothing; resumed, it is paid', async (_, pause, resume) => {
  const { batchId, account, lines } = await approvedBatch(kit);
  expect(await pause(batchId, account)).toMatchObject({ underWay: { payoutCount: 0, transactionCount: 0 } });
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual([]);
  await resume(batchId, account);
  await expectPaid(batchId, lines);
});

test.each(PAUSES)('a paused %s sends no more chunks; resumed, it goes on', async (_, pause, resume) => {
  const { batchId, account, lines } = await openBatch();
  await pause(batchId, account);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN']);
  await resume(batchId, account);
  await expectPaid(batchId, lines);
});

test('what was signed before a pause is sent again and paid; the pause says how much that is', async () => {
  const { batchId, account, lines } = await openBatch();
  await advanceUnheard(kit, batchId);
  const chunkCount = MAX_CHUNKS_WITH_OPEN + 1;
  expect(await accountPause(context(), { accountId: account.id, reason: REASON })).toMatchObject({
    underWay: { payoutCount: lines.length, transactionCount: chunkCount },
  });
  await recover(kit.engine(), { patient: false });
  await kit.mine(FINAL_DEPTH + 1);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', ...Array(chunkCount).fill('CHUNK')]);
  await kit.requirePaidOnce(lines);
  await accountResume(context(), { accountId: account.id });
});

test.each(PAUSES)(
  'a pause of the %s waits for who is signing, and counts what they signed',
  async (_, pause, resume) => {
    const { batchId, account, lines } = await approvedBatch(kit);
    // The signer has looked for pauses, and waits for its lane.
    await owner.query('begin');
    await owner.query('select from relayer_lane for update');
    const advanced = advanceBatch(kit.engine(), batchId);
    await untilWaiting('relayer_lane');
    let answered = false;
    const paused = Promise.resolve(pause(batchId, account)).finally(() => {
      answered = true;
    });
    await untilWaiting('advisory|payout_batch');
    expect(answered).toBe(false);
    await owner.query('commit');
    await advanced;
    // The open, and the chunk behind it.
    expect(await paused).toMatchObject({ underWay: { payoutCount: 3, transactionCount: 2 } });
    expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
    await kit.mine(FINAL_DEPTH);
    await kit.requirePaidOnce(lines);
    await resume(batchId, account);
  },
);

test.each(PAUSES)(
  'who would sign waits for a pause of the %s that is being made, and sees it',
  async (_, pause, resume) => {
    const { batchId, account, lines } = await approvedBatch(kit);
    const { organizationId } = await kit.batch(batchId);
    // The pause is written, and waits for the log's head.
    await owner.query('begin');
    await owner.query('select from event_log_head where organization_id = $1 for update', [organizationId]);
    const paused = pause(batchId, account);
    await untilWaiting('event_log_head');
    const advanced = advanceBatch(kit.engine(), batchId);
    await untilWaiting('advisory|payout_batch');
    await owner.query('commit');
    await Promise.all([paused, advanced]);
    expect(await signedKinds(kit, batchId)).toEqual([]);
    await resume(batchId, account);
    await expectPaid(batchId, lines);
  },
);

async function reject(batchId: string, approver: Approver) {
  const { id } = await kit.database
    .selectFrom('approval')
    .select('id')
    .where('batchId', '=', batchId)
    .where('status', '=', 'PENDING')
    .executeTakeFirstOrThrow();
  const { signerId } = approver;
  await approvalReject(kit.context(approver), { approvalId: id, signerId, reason: null });
}

/** Until somebody waits for a lock in a statement that names it. */
async function untilWaiting(pattern: string) {
  await eventually(async () => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ~ ${pattern}`.execute(
      kit.database,
    );
    expect(rows.length).toBeGreaterThan(0);
  });
}

test('many pauses and signers at once: nothing is signed after an answer', async () => {
  const { account, lines, batchId } = await openBatch();
  for (let round = 0; round < 8; round += 1) {
    const advances = Array.from({ length: 3 }, () => advanceBatch(kit.engine(), batchId));
    const { underWay } = await accountPause(context(), { accountId: account.id, reason: REASON });
    const signed = (await signedKinds(kit, batchId)).length;
    await Promise.all(advances);
    expect((await signedKinds(kit, batchId)).length).toBe(signed);
    expect(underWay.payoutCount).toBe((await kit.batch(batchId)).submittedCount);
    await accountResume(context(), { accountId: account.id });
  }
  await expectPaid(batchId, lines);
});

test('a close that the owners signed is executed under a pause: it pays nobody', async () => {
  const { batchId, account, lines } = await openBatch();
  await accountPause(context(), { accountId: account.id, reason: REASON });
  await payoutBatchCancel(context(), { payoutBatchId: batchId });
  await grantAll(kit, batchId);
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'FAILED', failedCount: lines.length });
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CLOSE']);
  expect(await kit.balanceOf(account.address)).toBe(totalOf(lines));
});

test('while a close is asked for no more is sent; rejected, the batch goes on', async () => {
  const { batchId, lines } = await openBatch();
  await payoutBatchCancel(context(), { payoutBatchId: batchId });
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN']);
  expect(await kit.batch(batchId)).toMatchObject({ blockerCode: 'CLOSE_ASKED' });
  for (const approver of kit.approvers.slice(0, 2)) await reject(batchId, approver);
  await expectPaid(batchId, lines);
});

test('a pause holds the second try of what is owed, and the close that anybody may send', async () => {
  const times = { openWindowSeconds: 3_600, closeDelaySeconds: 60 };
  const { batchId, account, lines } = await approvedBatch(kit, 3, times);
  const [refused, ...others] = lines;
  await setBlocked(kit, required(refused, 'A payee').recipient, true);
  await kit.mine();
  await eventually(async () => {
    await advanceBatch(kit.engine(), batchId);
    await kit.mine();
    expect(await kit.batch(batchId)).toMatchObject({ undeliveredCount: 1 });
  });
  await payoutBatchPause(context(), { payoutBatchId: batchId, reason: REASON });
  await kit.mine(FINAL_DEPTH);
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK']);
  await payoutBatchResume(context(), { payoutBatchId: batchId });
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY']);
  await kit.mine(FINAL_DEPTH);

  await accountPause(context(), { accountId: account.id, reason: REASON });
  const closeAfter = required((await kit.batch(batchId)).closeAfter, 'closeAfter');
  await kit.chain.client.setNextBlockTimestamp({
    timestamp: BigInt(Math.ceil(closeAfter.getTime() / 1000)) + 1n,
  });
  await kit.mine();
  await advanceBatch(kit.engine(), batchId);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY']);
  await accountResume(context(), { accountId: account.id });
  await advanceBatch(kit.engine(), batchId);
  await kit.mine(FINAL_DEPTH);
  expect(await signedKinds(kit, batchId)).toEqual(['OPEN', 'CHUNK', 'RETRY', 'CLOSE']);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PARTIALLY_FAILED', failedCount: 1 });
  await kit.requirePaidOnce(others);
});

test('accounts are opened on a paused chain: that moves no money', async () => {
  const { batchId } = await approvedBatch(kit, 1, { grants: 0 });
  const chain = await organizationAndChain(batchId);
  await chainPause(context(), { ...chain, reason: REASON });
  await kit.openAccount(1n);
  await chainResume(context(), chain);
});

test('the log says once that a pause holds a batch, and again when another does', async () => {
  const { account, batchId } = await approvedBatch(kit);
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const engine = { ...kit.engine(), logger };
  const advance = () => advanceBatch(engine, batchId);
  await payoutBatchPause(context(), { payoutBatchId: batchId, reason: REASON });
  for (const _ of [1, 2]) await advance();
  const held = { msg: 'the batch is held', blocker: 'PAUSED', batchId };
  expect(lines).toMatchObject([{ ...held, scope: 'PAYOUT_BATCH' }]);
  await accountPause(context(), { accountId: account.id, reason: REASON });
  for (const _ of [1, 2]) await advance();
  const payout = await kit.database
    .selectFrom('payout')
    .select('id')
    .where('batchId', '=', batchId)
    .executeTakeFirstOrThrow();
  const scope = lines[1]?.scope;
  expect(scope).toBe('ACCOUNT');
  expect(lines).toHaveLength(2);
  expect((await findPayout(kit.database, payout.id))?.now).toEqual({
    ...{ status: 'PENDING', batchStatus: 'APPROVED' },
    ...{ blocker: 'PAUSED', scope },
  });
});
