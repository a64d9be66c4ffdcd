import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  NodesDisagreeError,
  preferChecked,
  TooFewNodesError,
} from '../../chains/evm/client/nodes/inconclusive.ts';
import { OP_STACK_GAS_PRICE_ORACLE, readDataFee } from '../../chains/evm/client/readDataFee.ts';
import { readMarketFees } from '../../chains/evm/client/readFees.ts';
import { readNonce } from '../../chains/evm/client/readRelayer.ts';
import type { NodeLie } from '../kit/nodeLies.ts';
import { type AskedNodes, isCausedBy, startAskedNodes, UNTIL } from './nodesAsked.ts';
import { disturb, type PooledNodes } from './nodesKit.ts';

// What nodes say that is not so, or that they do not know: two who say the same are believed, and nobody else.

let world: AskedNodes;
beforeAll(async () => {
  world = await startAskedNodes();
});
afterEach(() => world.stopNodes());
afterAll(() => world?.stop());

type Question = keyof ReturnType<AskedNodes['ask']>;
const LIES: readonly (readonly [NodeLie, Question, unknown])[] = [
  ['RECEIPT_STATUS_FLIPPED', 'status', 'success'],
  ['LOGS_REMOVED', 'logs', 1],
  ['LOGS_ADDED', 'logs', 1],
  ['NONCE_AHEAD', 'nonce', 1],
  ['NONCE_BEHIND', 'nonce', 1],
  ['BALANCE_CHANGED', 'balance', true],
  ['CODE_MISSING', 'code', true],
];

test.each(LIES)(
  'of three nodes one lies (%s): the two are believed, and it is not asked again',
  async (lie, question, truth) => {
    const nodes = await world.nodesOf(3);
    await expect.poll(() => nodes.pool.checked.getBlockNumber()).toBeGreaterThan(0n);
    disturb(nodes.node(1), { kind: 'LIE', lie });
    // So that the liar is among the first two.
    for (const number of [2, 3]) disturb(nodes.node(number), { kind: 'DELAY', ms: 60 });
    await expect
      .poll(async () => {
        expect(await world.ask(nodes)[question]()).toBe(truth);
        return nodes.states();
      }, UNTIL)
      .toEqual(['LYING', 'HEALTHY', 'HEALTHY']);
    expect(await nodes.counter('rpc_cross_check_total', 'outcome="majority"')).toBe(1);
    expect(await nodes.counter('rpc_node_demotions_total', 'reason="LYING"')).toBe(1);
    const before = nodes.node(1).callCounts().get('eth_getTransactionReceipt');
    expect(await world.ask(nodes).status()).toBe('success');
    expect(nodes.node(1).callCounts().get('eth_getTransactionReceipt')).toBe(before);
  },
);

test.each(LIES)(
  'of two nodes one lies (%s): nothing is concluded, nobody is called a liar',
  async (lie, question, truth) => {
    const nodes = await world.nodesOf(2);
    disturb(nodes.node(2), { kind: 'LIE', lie });
    await expect(world.ask(nodes)[question]()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
    expect(nodes.states()).toEqual(['HEALTHY', 'HEALTHY']);
    expect(await nodes.counter('rpc_cross_check_total', 'outcome="disagreed"')).toBe(1);
    disturb(nodes.node(2), null);
    expect(await world.ask(nodes)[question]()).toBe(truth);
  },
);

test('a block’s hash: the two are believed; once is what a reorg does, and the other is set aside for a while', async () => {
  const nodes = await world.nodesOf(3);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'BLOCK_HASH_CHANGED' });
  await expect
    .poll(async () => {
      expect(await world.ask(nodes).block()).toBe(true);
      return nodes.states();
    }, UNTIL)
    .toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
  expect(await world.ask(nodes).block()).toBe(true);
});

test('what one node does not know contradicts nobody', async () => {
  const three = await world.nodesOf(3);
  disturb(three.node(1), { kind: 'LIE', lie: 'RECEIPT_MISSING' });
  expect(await world.ask(three).status()).toBe('success');
  expect(three.states()).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  const two = await world.nodesOf(2);
  disturb(two.node(1), { kind: 'LIE', lie: 'RECEIPT_MISSING' });
  await expect(world.ask(two).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
});

test('what one node never knows is asked of others; it comes back when it knows', async () => {
  const nodes = await world.nodesOf(3);
  await expect.poll(() => nodes.pool.checked.getBlockNumber()).toBeGreaterThan(0n);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'RECEIPT_MISSING' });
  // So that it is among the first two.
  for (const number of [2, 3]) disturb(nodes.node(number), { kind: 'DELAY', ms: 60 });
  await expect
    .poll(async () => {
      expect(await world.ask(nodes).status()).toBe('success');
      // Heads and blocks it knows: that is no excuse.
      expect(await world.ask(nodes).block()).toBe(true);
      return nodes.states();
    }, UNTIL)
    .toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
  expect(await nodes.told()).toContain('it does not know what the others tell (eth_getTransactionReceipt)');
  expect(await nodes.counter('rpc_node_demotions_total', 'reason="LAGGING"')).toBe(1);
  disturb(nodes.node(1), null);
  await expect
    .poll(async () => {
      await world.ask(nodes).status();
      return nodes.states();
    }, UNTIL)
    .toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
});

test('two that lie alike are believed by nobody who could know; two that lie otherwise conclude nothing', async () => {
  const nodes = await world.nodesOf(3);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  disturb(nodes.node(2), { kind: 'LIE', lie: 'NONCE_BEHIND' });
  await expect(world.ask(nodes).nonce()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
  disturb(nodes.node(2), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  // The limit of the rule: a majority cannot be told from the truth.
  expect(await world.ask(nodes).nonce()).toBe(2);
});

test('no logs of a block that a node does not have say nothing: one that lies is not believed with it', async () => {
  const nodes = await world.nodesOf(3);
  const { number } = await world.chain.client.getBlock();
  nodes.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: Number(number - world.blockNumber) + 1 });
  disturb(nodes.node(2), { kind: 'LIE', lie: 'LOGS_REMOVED' });
  // So that the honest one that has the block is not heard before the two.
  disturb(nodes.node(3), { kind: 'DELAY', ms: 60 });
  await expect(world.ask(nodes).logs()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
  nodes.node(1).setPlan(null);
  expect(await world.ask(nodes).logs()).toBe(1);
});

test('of three nodes one tells of no newest block: the heads go on, and it is told', async () => {
  const nodes = await world.nodesOf(3);
  await expect.poll(() => nodes.pool.checked.getBlockNumber()).toBeGreaterThan(0n);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'HEAD_MISSING' });
  const finalOf = async (client: AskedNodes['chain']['client'] | PooledNodes['pool']['checked']) =>
    (await client.getBlock({ blockTag: 'finalized' })).hash;
  expect(await finalOf(nodes.pool.checked)).toBe(await finalOf(world.chain.client));
  expect(await nodes.pool.checked.getBlockNumber()).toBe(await world.chain.client.getBlockNumber());
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
});

test.each([2, 3])('of %i nodes one tells of high fees: gas is quoted as if it did not', async (count) => {
  const nodes = await world.nodesOf(count);
  const truth = await readMarketFees(nodes.pool);
  // Whichever is chosen.
  for (const liar of [1, 2]) {
    disturb(nodes.node(liar), { kind: 'LIE', lie: 'FEES_RAISED' });
    const { nextBaseFeePerGas, priorityFeePerGas } = await readMarketFees(nodes.pool);
    expect(priorityFeePerGas).toBe(truth.priorityFeePerGas);
    expect(nextBaseFeePerGas).toBeLessThan(2n * truth.nextBaseFeePerGas);
    disturb(nodes.node(liar), null);
  }
});

/** Answers every call with 10,000 in a word. */
const ORACLE = '0x6127105f5260205ff3';

test('of three nodes one tells of another data fee: the two are believed; of two, nobody is', async () => {
  await world.chain.client.setCode({ address: OP_STACK_GAS_PRICE_ORACLE, bytecode: ORACLE });
  await world.chain.mine();
  for (const liar of [1, 2, 3]) {
    const nodes = await world.nodesOf(3);
    disturb(nodes.node(liar), { kind: 'LIE', lie: 'CALL_ANSWER_CHANGED' });
    const fee = await readDataFee(nodes.pool.checked, 'OP_STACK');
    expect(fee).toEqual({ unitsPerByte: 1n, gasPerByte: 0n });
  }
  const { node, pool } = await world.nodesOf(2);
  disturb(node(2), { kind: 'LIE', lie: 'CALL_ANSWER_CHANGED' });
  await expect(readDataFee(pool.checked, 'OP_STACK')).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
});

test('what only steers is two nodes’ word; while one is down, the other’s', async () => {
  const nodes = await world.nodesOf(3);
  const sender = world.address;
  const nonce = () => preferChecked(nodes.pool, (client) => readNonce(client, sender));
  disturb(nodes.node(1), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  expect(await nonce()).toBe(1n);
  const two = await world.nodesOf(2);
  await two.node(2).refuse();
  expect(await preferChecked(two.pool, (client) => readNonce(client, sender))).toBe(1n);
});
