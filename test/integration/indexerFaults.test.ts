import { type Hex, toEventSelector, zeroHash } from 'viem';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NodeAnswerError } from '../../chains/evm/client/nodeAnswer.ts';
import { required } from '../../core/errors.ts';
import type { ChainFollower } from '../../indexer/evm/followChain.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { catchUp, createFollower, runFollowers } from './indexerFollower.ts';
import { chunksOf, executeAsStranger, indexedBalanceOf, sendAsStranger, transfersOf } from './indexerKit.ts';
import { type LyingNode, startLyingNode } from './indexerNode.ts';
import { newPayees, openedBatch } from './payoutsBatches.ts';
import { FINAL_DEPTH, type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { totalOf } from './payoutsSeed.ts';

// Nobody follows the chain but followers that the test lets pass: through a node that lies, over old blocks.

let kit: PayoutsKit;
let node: LyingNode;
let honest: ChainFollower;
let deceived: ChainFollower;
beforeAll(async () => {
  kit = await startPayoutsKit({ indexer: false });
  node = await startLyingNode(kit.chain.rpcUrl);
  honest = await createFollower(kit);
  deceived = await createFollower(kit, node.rpcUrl);
});
afterAll(async () => {
  await node?.stop();
  await kit?.stop();
});
beforeEach(() => node.lie(null));

async function openedWhileFollowed(count: number) {
  const running = runFollowers([honest]);
  const opened = await openedBatch(kit, count);
  await running.end();
  return opened;
}

async function head() {
  return kit.database.selectFrom('chain').select(['headNumber', 'headHash']).executeTakeFirstOrThrow();
}

/** Mines one block that the node then lies about; expects it to be refused, and to be taken without the lie. */
async function requireRefused(lie: Parameters<LyingNode['lie']>[0]) {
  const before = await head();
  await kit.chain.mine();
  node.lie(lie);
  await expect(catchUp(deceived)).rejects.toThrow(NodeAnswerError);
  expect(await head()).toEqual(before);
  node.lie(null);
  await catchUp(deceived);
  expect(await head()).not.toEqual(before);
}

test('logs that say they are of another block are refused', async () => {
  const { batchId } = await openedWhileFollowed(2);
  await executeAsStranger(kit, batchId, 0);
  await requireRefused((method, _, result) =>
    method === 'eth_getLogs'
      ? (result as object[]).map((log) => ({ ...log, blockHash: zeroHash.replace('0x0', '0x1') }))
      : result,
  );
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'INCLUDED' }]);
});

test('logs of another block, of transactions that this one does not have, are refused', async () => {
  const { batchId } = await openedWhileFollowed(2);
  await executeAsStranger(kit, batchId, 0);
  const elsewhere = `0x${'ab'.repeat(32)}`;
  await requireRefused((method, _, result) =>
    method === 'eth_getLogs'
      ? (result as object[]).map((log) => ({ ...log, transactionHash: elsewhere }))
      : result,
  );
});

test('a log that a receipt of ours has and the logs lack is not overlooked', async () => {
  const { batchId } = await openedWhileFollowed(2);
  await advanceBatch(kit.engine(), batchId);
  await requireRefused((method, _, result) => (method === 'eth_getLogs' ? [] : result));
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'INCLUDED', kind: 'CHUNK' }]);
});

test('another block than the one asked for, and what is no block at all, are refused', async () => {
  await catchUp(honest);
  await requireRefused((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[0] !== 'latest'
      ? { ...(result as object), number: '0x1' }
      : result,
  );
  await requireRefused((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[0] !== 'latest'
      ? { ...(result as object), timestamp: 'yesterday' }
      : result,
  );
});

test('a block on a parent that is not ours changes nothing while the node still has ours', async () => {
  await catchUp(honest);
  const before = await head();
  await kit.chain.mine();
  node.lie((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[1] === true
      ? { ...(result as object), parentHash: zeroHash }
      : result,
  );
  await catchUp(deceived);
  expect(await head()).toEqual(before);
});

const HINTED = { isHinted: true };

test('a block that a node has told of is asked for once, whole; where others lie before it, they are as well', async () => {
  await catchUp(honest);
  for (const blocks of [1, 3]) {
    const asked: unknown[][] = [];
    node.lie((method, params, result) => {
      if (method === 'eth_getBlockByNumber' && params[1] === true) asked.push([...params]);
      return result;
    });
    const numbers = Array.from({ length: blocks }, (_, index) => index);
    const next = ((await head()).headNumber ?? 0n) + 1n;
    await kit.chain.mine(blocks);
    await catchUp(deceived, HINTED);
    expect((await head()).headNumber).toBe(next + BigInt(blocks) - 1n);
    const numbered = numbers.slice(0, -1).map((index) => [`0x${(next + BigInt(index)).toString(16)}`, true]);
    expect(asked).toEqual([['latest', true], ...numbered]);
  }
});

test.each([
  ['is none', { timestamp: 'yesterday' }],
  ['has no transactions', { transactions: null }],
  ['has another hash than its logs are of', { hash: `0x${'cd'.repeat(32)}` }],
])('a newest block that is told whole and %s is refused', async (_, change) => {
  const { batchId } = await openedWhileFollowed(2);
  const before = await head();
  await executeAsStranger(kit, batchId, 0);
  await kit.chain.mine();
  node.lie((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[0] === 'latest'
      ? { ...(result as object), ...change }
      : result,
  );
  await expect(catchUp(deceived, HINTED)).rejects.toThrow();
  expect(await head()).toEqual(before);
  node.lie(null);
  await catchUp(deceived, HINTED);
  expect(await chunksOf(kit, batchId)).toMatchObject([{ status: 'INCLUDED' }]);
});

test('a newest block that is told whole, on a parent that is not ours, changes nothing', async () => {
  await catchUp(honest);
  const before = await head();
  await kit.chain.mine();
  node.lie((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[0] === 'latest'
      ? { ...(result as object), parentHash: zeroHash }
      : result,
  );
  await catchUp(deceived, HINTED);
  expect(await head()).toEqual(before);
});

test.each([
  ['every block', () => 0n],
  ['the head alone', (headNumber: bigint) => headNumber],
])('a node that lags behind and lacks %s is asked again: nothing is taken back or lost', async (_, from) => {
  await catchUp(honest);
  const before = await head();
  const lacking = from(before.headNumber ?? 0n);
  await kit.chain.mine();
  node.lie((method, params, result) => {
    if (method !== 'eth_getBlockByNumber' || params[0] === 'latest') return result;
    // Another branch follows, but of the blocks below nothing is told.
    if (params[1] === true) return { ...(result as object), parentHash: zeroHash };
    return BigInt(params[0] as string) >= lacking ? null : result;
  });
  await expect(catchUp(deceived)).rejects.toThrow(NodeAnswerError);
  expect(await head()).toEqual(before);
  node.lie(null);
  await catchUp(deceived);
  expect(await head()).not.toEqual(before);
});

test('blocks whose state nodes no longer keep: transfers are all there, balances are of the head', async () => {
  const { account } = await openedWhileFollowed(2);
  await sendAsStranger(kit, { to: kit.token, data: mintData(account.address, 50n) });
  await kit.chain.mine(100);
  const asked = new Set<string>();
  node.lie((method, params, result) => {
    const at = method === 'eth_call' ? (params[1] as { blockHash?: string }).blockHash : undefined;
    if (at !== undefined) asked.add(at);
    return result;
  });
  await catchUp(deceived);
  expect((await transfersOf(kit, account.id)).at(-1)).toMatchObject({ units: 50n, status: 'FINAL' });
  expect(await indexedBalanceOf(kit, account.id)).toBe(50n);
  expect(asked).toEqual(new Set([(await head()).headHash]));
});

test('an account that has become something else stops nobody', async () => {
  const { account } = await openedWhileFollowed(2);
  const topic = toEventSelector('event ChangedThreshold(uint256)');
  // Without calldata it logs, otherwise it reverts.
  const code: Hex = `0x36602957${`7f${topic.slice(2)}`}5f5fa1005b5f5ffd`;
  await kit.chain.client.setCode({ address: account.address, bytecode: code });
  await sendAsStranger(kit, { to: account.address, data: '0x', gas: 100_000n });
  await kit.chain.mine();
  await catchUp(honest);
  expect((await head()).headHash).toBe((await kit.chain.client.getBlock()).hash);
  const row = kit.database.selectFrom('account').select(['status', 'threshold']).where('id', '=', account.id);
  expect(await row.executeTakeFirst()).toEqual({ status: 'ACTIVE', threshold: 2 });
});

test('the node’s finalized tag decides where the chain has no depth, and must agree with what is indexed', async () => {
  await catchUp(honest);
  const before = await kit.database.selectFrom('chain').select('finalNumber').executeTakeFirstOrThrow();
  const tagged = await createFollower(kit, node.rpcUrl, { finalDepth: null });
  await kit.chain.mine(2);
  const { number: newest } = await kit.chain.client.getBlock();
  const block = await answerOf(kit.chain.rpcUrl, newest - 1n);
  node.lie((method, params, result) =>
    method === 'eth_getBlockByNumber' && params[0] === 'finalized' ? block : result,
  );
  await catchUp(tagged);
  const after = await kit.database.selectFrom('chain').select('finalNumber').executeTakeFirstOrThrow();
  expect(before.finalNumber).toBe(newest - 2n - BigInt(FINAL_DEPTH) + 1n);
  expect(after.finalNumber).toBe(newest - 1n);
});

// The last one: what is final stays so for whoever follows this chain.
test('where a block is final at once, its own time decides what has expired', async () => {
  const instant = await createFollower(kit, kit.chain.rpcUrl, { confirmedDepth: 1, finalDepth: 1 });
  const running = runFollowers([instant]);
  const lines = newPayees(2);
  const account = await kit.openAccount(totalOf(lines));
  const batchId = await kit.submitBatch(account, lines, { grants: 1, openWindowSeconds: 3_600 });
  await running.end();
  const openBy = required((await kit.batch(batchId)).openBy, 'openBy');
  await kit.chain.client.setNextBlockTimestamp({
    timestamp: BigInt(Math.floor(openBy.getTime() / 1000) + 1),
  });
  await kit.chain.mine();
  expect(await kit.batch(batchId)).toMatchObject({ status: 'PENDING_APPROVAL' });
  await catchUp(instant);
  expect(await kit.batch(batchId)).toMatchObject({ status: 'EXPIRED' });
  const chain = kit.database.selectFrom('chain').select(['finalNumber', 'headNumber']);
  const { finalNumber, headNumber } = await chain.executeTakeFirstOrThrow();
  expect(finalNumber).toBe(headNumber);
});

/** A node's raw answer to what its block of a number is. */
async function answerOf(rpcUrl: string, number: bigint): Promise<unknown> {
  const params = [`0x${number.toString(16)}`, false];
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params }),
  });
  return ((await response.json()) as { result: unknown }).result;
}

function mintData(to: string, units: bigint): Hex {
  return `0x40c10f19${to.slice(2).padStart(64, '0')}${units.toString(16).padStart(64, '0')}`;
}
