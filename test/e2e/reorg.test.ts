// The chain stands still, then takes blocks back: nothing advances on its own, what is taken back is told, what comes
// again is told again, and everybody is paid once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeNodeId } from '../../core/ids.ts';
import { payroll } from '../../examples/generate.ts';
import { type EventSubscriber, followEvents } from './eventSubscriber.ts';
import { startStack, type TestStack } from './stack.ts';
import { until } from './until.ts';
import { signInAs } from './viewer.ts';

// More chunks than go out with the open: they wait until it is seen.
const ROWS = 801;
const CHUNKS = 5;
const FINAL_DEPTH = 5;

const WATCH = /* GraphQL */ `
  subscription Watch($id: ID!) {
    payoutBatchUpdated(payoutBatchId: $id) { kind status progress { pending submitted included confirmed final } }
  }
`;
type Progress = Record<'pending' | 'submitted' | 'included' | 'confirmed' | 'final', number>;
type Update = { kind: string; status: string; progress: Progress };

let stack: TestStack;
let subscriber: EventSubscriber;
/** Every message about the batch, in the order of arrival. */
const updates: Update[] = [];
beforeAll(async () => {
  stack = await startStack();
  subscriber = await followEvents(stack);
});
afterAll(() => stack?.remove());

async function watch(batchId: string): Promise<void> {
  const viewer = await signInAs(stack, 2);
  const messages = viewer.subscribe<{ payoutBatchUpdated: Update }>(WATCH, {
    id: encodeNodeId('PayoutBatch', batchId),
  });
  for await (const { data } of messages) {
    if (data === null) continue;
    updates.push(data.payoutBatchUpdated);
    if (data.payoutBatchUpdated.status === 'COMPLETED') return;
  }
}

/** Waits for a message, from the `from`th on, that all rows are at one status. @returns its place */
function untilTold(from: number, kind: string, status: keyof Progress): Promise<number> {
  const isIt = (update: Update, index: number) =>
    index >= from && update.kind === kind && update.progress[status] === ROWS;
  return until(`${kind}: all ${status}; told ${JSON.stringify(updates.slice(from))}`, async () => {
    const found = updates.findIndex(isIt);
    return found < 0 ? null : found + 1;
  });
}

const mine = (blocks: number) => stack.chain.mine({ blocks });
const untilInPool = (count: number) =>
  until(
    `${count} transactions in the pool`,
    async () => (await stack.chain.getTxpoolStatus()).pending === count,
  );

/** Replaces the newest blocks with empty ones. */
async function reorg(depth: number): Promise<void> {
  await stack.chain.request<{ Method: 'anvil_reorg'; Parameters: [number, []]; ReturnType: null }>({
    method: 'anvil_reorg',
    params: [depth, []],
  });
}

/** How often the engine has sent what it signed. */
async function sends(kind: string): Promise<number> {
  const [row] = await stack.sql<{ count: number }>(
    'select min(broadcast_count) as count from chain_transaction where kind = $1::"TransactionKind" and batch_id is not null',
    [kind],
  );
  return row?.count ?? 0;
}

test('without blocks nothing advances; what a reorg takes back is told, and told again when it is back', async () => {
  const file = join(stack.directory, 'reorg.csv');
  writeFileSync(file, payroll(ROWS, 'REORG'));
  await stack.chain.setIntervalMining({ interval: 0 });
  const command = stack.payroll(file);
  await command.says(/approved/);
  const [batch] = await stack.sql<{ id: string }>('select id from payout_batch');
  const watching = watch(batch?.id ?? '');
  // Of a test that has failed by then.
  watching.catch(() => {});

  // The engine looks, and sends again, and no block has it.
  await until('the open to be sent again', async () => (await sends('OPEN')) >= 2);
  expect(updates.map(({ kind, progress }) => [kind, progress.pending])).toEqual([['SNAPSHOT', ROWS]]);

  await mine(1);
  await untilInPool(CHUNKS);
  const submitted = await untilTold(0, 'CHANGED', 'submitted');
  await mine(1);
  const included = await untilTold(submitted, 'CHANGED', 'included');
  await until('the indexer at the head', async () => {
    const [chain] = await stack.sql<{ head: string }>('select head_number as head from chain');
    return BigInt(chain?.head ?? 0) === (await stack.chain.getBlockNumber({ cacheTime: 0 }));
  });
  expect(updates.length).toBe(included);

  await reorg(1);
  const takenBack = await untilTold(included, 'REORGED', 'submitted');
  expect(await stack.audit(file)).toMatchObject({ differences: ROWS });
  await untilInPool(CHUNKS);
  await mine(1);
  const back = await untilTold(takenBack, 'CHANGED', 'included');

  // And once more, with the open.
  await reorg(3);
  const allTakenBack = await untilTold(back, 'REORGED', 'submitted');
  await until('the batch to be approved again', async () =>
    updates.slice(allTakenBack).some(({ status }) => status === 'APPROVED'),
  );
  await untilInPool(1 + CHUNKS);
  await mine(1);
  const allBack = await untilTold(allTakenBack, 'CHANGED', 'included');
  await mine(FINAL_DEPTH - 1);
  await untilTold(allBack, 'CHANGED', 'final');
  await watching;
  const { code, stdout, stderr } = await command.ended;
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout).payouts).toEqual({ final: ROWS, failed: 0 });
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });

  const logged = await subscriber.catchUp();
  await subscriber.stop();
  expect(subscriber.told).toEqual(logged);
  expect(logged.filter(({ type }) => type === 'PAYOUTS_REORGED').length).toBeGreaterThanOrEqual(2);
  expect(updates.filter(({ kind }) => kind === 'REORGED').length).toBeGreaterThanOrEqual(2);
});
