import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { startNodeProxy } from '../kit/nodeProxy.ts';
import { catchUp, createFollower, runFollowers } from './indexerFollower.ts';
import { chunksOf, entriesOf, executeAsStranger, reorgChain, setBlocked, transfersOf } from './indexerKit.ts';
import { openedBatch } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import type { RoleProcess } from './payoutsProcess.ts';

// Several indexers at once, and indexers that are killed: what they write is what one undisturbed would have written.

const CHUNKS = 3;
const LINES = 401;
const KILLS = 4;
const BLOCKS_BETWEEN_KILLS = 40;
/** More than an indexer reads before it has written the first. */
const BLOCKS_READ_BEFORE_KILL = 20;

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
});
afterAll(() => kit?.stop());

/** An open batch of three chunks; its second row is refused by the token. */
async function openedOwing() {
  const opened = await openedBatch(kit, LINES);
  await setBlocked(kit, required(opened.lines[1], 'A line').recipient, true);
  await kit.chain.mine();
  return opened;
}

/** What subscribers are told of a batch whose chunks are executed one a block. */
async function toldOf(batchId: string) {
  const told = (await entriesOf(kit, batchId)).filter((entry) => entry.type.startsWith('PAYOUTS_'));
  return told.map(({ type, changes }) => [
    type,
    ...(changes ?? []).map(({ firstIndex, lastIndex, status }) => `${firstIndex}-${lastIndex} ${status}`),
  ]);
}

/** The database as one statement sees it: whatever happened, it is the state after some block, whole. */
async function requireWhole() {
  const { rows } = await sql<{ broken: string }>`
    select 'head' as broken from chain
      where head_number is distinct from (select max(number) from block where chain_id = chain.id)
    union all
    select 'blocks' from block
      where number > (select min(number) from block)
        and parent_hash is distinct from (select hash from block lower where lower.number = block.number - 1)
    union all
    select 'chunks' from payout_chunk chunk join payout_batch batch on batch.id = chunk.batch_id, chain
      where chunk.block_number > chain.head_number
        or (chunk.status = 'INCLUDED' and chunk.block_number <= chain.head_number - chain.confirmed_depth + 1)
        or (chunk.status = 'CONFIRMED' and chunk.block_number <= chain.head_number - chain.final_depth + 1)
    union all
    select 'counts' from payout_batch batch
      where final_count + confirmed_count + included_count <> (
        select coalesce(sum(row_count), 0) from payout_chunk chunk
          where chunk.batch_id = batch.id and chunk.status in ('INCLUDED', 'CONFIRMED', 'FINAL')
      ) - (
        select count(*) from payout_exception exception
          where exception.batch_id = batch.id and exception.status in ('UNDELIVERED', 'FAILED'))
    union all
    select 'log' from event_log_head
      where head <> (select count(*) from event) or head <> (select max(number) from event)
    union all
    select 'transactions' from chain_transaction, chain where block_number > chain.head_number`.execute(
    kit.database,
  );
  expect(rows).toEqual([]);
}

async function headNumber(): Promise<bigint> {
  const { rows } = await sql<{ headNumber: bigint }>`select head_number from chain`.execute(kit.database);
  return required(rows[0]?.headNumber, 'The head');
}

const UNDISTURBED = [
  ['PAYOUTS_CHANGED', '0-0 INCLUDED', '1-1 UNDELIVERED', '2-199 INCLUDED'],
  ['PAYOUTS_CHANGED', '0-0 CONFIRMED', '2-199 CONFIRMED', '200-399 INCLUDED'],
  ['PAYOUTS_CHANGED', '200-399 CONFIRMED', '400-400 INCLUDED'],
  ['PAYOUTS_CHANGED', '400-400 CONFIRMED'],
  ['PAYOUTS_CHANGED', '0-0 FINAL', '2-199 FINAL'],
  ['PAYOUTS_CHANGED', '200-399 FINAL'],
  ['PAYOUTS_CHANGED', '400-400 FINAL'],
];

test('three indexers at once write what one would, through a reorg too', async () => {
  const followers = await Promise.all([createFollower(kit), createFollower(kit), createFollower(kit)]);
  const running = runFollowers(followers);
  const { batchId, account } = await openedOwing();
  await kit.mine(FINAL_DEPTH);
  await executeAsStranger(kit, batchId, 2);
  await kit.mine(2);
  await reorgChain(kit, 2);
  await kit.untilIndexed();
  for (let chunkIndex = 0; chunkIndex < CHUNKS; chunkIndex += 1) {
    await executeAsStranger(kit, batchId, chunkIndex);
    await kit.mine();
  }
  await kit.mine(FINAL_DEPTH);
  await running.end();
  await requireWhole();
  expect(await toldOf(batchId)).toEqual([
    ['PAYOUTS_CHANGED', '400-400 INCLUDED'],
    ['PAYOUTS_CHANGED', '400-400 CONFIRMED'],
    ['PAYOUTS_REORGED', '400-400 PENDING'],
    ...UNDISTURBED,
  ]);
  expect(await transfersOf(kit, account.id)).toHaveLength(2);
});

/** Kills an indexer process when it reads its nth block; some of those before are written, one may be being written. */
async function killWhileIndexing(nth: number): Promise<void> {
  const node = await startNodeProxy(kit.chain.rpcUrl, { process: 'indexer', node: 'first' });
  const { promise: started, resolve } = Promise.withResolvers<RoleProcess>();
  const { reached } = node.onRequest('eth_getLogs', nth, 'BEFORE', async () => {
    await (await started).kill();
    return 'CUT';
  });
  resolve(await kit.startProcess('indexer', { rpcUrl: node.rpcUrl }));
  await reached;
  await node.stop();
}

test('an indexer process that is killed again and again leaves whole blocks, and the next goes on from there', async () => {
  const follower = await createFollower(kit);
  const running = runFollowers([follower]);
  const { batchId } = await openedOwing();
  await running.end();
  for (let chunkIndex = 0; chunkIndex < CHUNKS; chunkIndex += 1) {
    await executeAsStranger(kit, batchId, chunkIndex);
    await kit.chain.mine();
  }
  for (let round = 0; round < KILLS; round += 1) {
    await kit.chain.mine(BLOCKS_BETWEEN_KILLS);
    const before = await headNumber();
    await killWhileIndexing(BLOCKS_READ_BEFORE_KILL + round);
    await requireWhole();
    expect(await headNumber()).toBeGreaterThan(before);
    expect(await headNumber()).toBeLessThan((await kit.chain.client.getBlock()).number);
  }
  await catchUp(await createFollower(kit));
  await requireWhole();
  expect(await toldOf(batchId)).toEqual(UNDISTURBED);
  expect(await kit.batch(batchId)).toMatchObject({ finalCount: LINES - 1, undeliveredCount: 1 });
});

test('a stand-by waits, and takes over when the one that indexes is killed', async () => {
  const [active, standBy] = [await kit.startProcess('indexer'), await kit.startProcess('indexer')];
  await kit.mine();
  await active.kill();
  await kit.mine();
  const third: RoleProcess = await kit.startProcess('indexer');
  await standBy.stop();
  await kit.mine();
  await third.stop();
  await kit.chain.mine();
  await requireWhole();
});

test('blocks while nobody indexed are caught up in order', async () => {
  const running = runFollowers([await createFollower(kit)]);
  const { batchId } = await openedOwing();
  await running.end();
  for (let chunkIndex = 0; chunkIndex < CHUNKS; chunkIndex += 1) {
    await executeAsStranger(kit, batchId, chunkIndex);
    await kit.chain.mine();
  }
  await kit.chain.mine(40);
  await catchUp(await createFollower(kit));
  expect(await toldOf(batchId)).toEqual(UNDISTURBED);
  expect((await chunksOf(kit, batchId)).map(({ status }) => status)).toEqual(Array(CHUNKS).fill('FINAL'));
  await requireWhole();
});
