import { type Hash, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  NodesDisagreeError,
  preferChecked,
  TooFewNodesError,
} from '../../chains/evm/client/nodes/inconclusive.ts';
import { readMarketFees } from '../../chains/evm/client/readFees.ts';
import { readNonce } from '../../chains/evm/client/readRelayer.ts';
import { sendRawTransaction } from '../../chains/evm/client/sendRawTransaction.ts';
import { required } from '../../core/errors.ts';
import { startTestChain, type TestChain } from '../kit/chain.ts';
import type { NodeLie } from '../kit/nodeLies.ts';
import { disturb, type PooledNodes, startPooledNodes } from './nodesKit.ts';

const SEND = ['eth_sendRawTransaction'];
const UNTIL = { interval: 25 };

let chain: TestChain;
/** In a block, with one log: an approval of a token. */
let hash: Hash;
let blockHash: Hash;
const opened: PooledNodes[] = [];
beforeAll(async () => {
  chain = await startTestChain();
  hash = await approvalOfToken();
  await chain.mine(3);
  ({ blockHash } = await chain.client.getTransactionReceipt({ hash }));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((nodes) => nodes.stop()));
});
afterAll(() => chain?.stop());

async function nodesOf(count: number, chainId = chain.chainId): Promise<PooledNodes> {
  const nodes = await startPooledNodes(chain.rpcUrl, count, chainId);
  opened.push(nodes);
  return nodes;
}

async function approvalOfToken(): Promise<Hash> {
  const [stranger] = chain.strangers;
  const sender = required(stranger, 'A stranger');
  const token = required(chain.contracts.DevelopmentUSDC, 'The token');
  // approve(address,uint256): any log will do.
  const data = `0x095ea7b3${'11'.repeat(20).padStart(64, '0')}${'1'.padStart(64, '0')}` as const;
  const account = privateKeyToAccount(sender.privateKey);
  const raw = await account.signTransaction(
    await request(sender.address, { to: token, data, gas: 100_000n }),
  );
  return chain.client.sendRawTransaction({ serializedTransaction: raw });
}

async function request(address: `0x${string}`, change: object) {
  const nonce = await chain.client.getTransactionCount({ address, blockTag: 'pending' });
  const fees = { maxFeePerGas: parseEther('0.000000100'), maxPriorityFeePerGas: 1n };
  return { type: 'eip1559', chainId: chain.chainId, nonce, gas: 21_000n, ...fees, ...change } as const;
}

async function signed(change: object = {}): Promise<`0x${string}`> {
  const stranger = required(chain.strangers[1], 'A stranger');
  return privateKeyToAccount(stranger.privateKey).signTransaction(
    await request(stranger.address, { to: stranger.address, ...change }),
  );
}

/** What the indexer and the engine conclude from. */
function ask({ pool: { checked } }: PooledNodes) {
  const sender = required(chain.strangers[0], 'A stranger').address;
  const token = required(chain.contracts.DevelopmentUSDC, 'The token');
  return {
    status: async () => (await checked.getTransactionReceipt({ hash })).status,
    logs: async () => (await checked.getLogs({ blockHash })).length,
    nonce: () => checked.getTransactionCount({ address: sender }),
    balance: async () => (await checked.getBalance({ address: sender })) > 0n,
    code: async () => (await checked.getCode({ address: token })) !== undefined,
    block: async () => (await checked.getBlock({ blockNumber: await blockNumber() })).hash === blockHash,
  };
}

async function blockNumber(): Promise<bigint> {
  return (await chain.client.getTransactionReceipt({ hash })).blockNumber;
}

type Question = keyof ReturnType<typeof ask>;
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
    const nodes = await nodesOf(3);
    await expect.poll(() => nodes.pool.checked.getBlockNumber()).toBeGreaterThan(0n);
    disturb(nodes.node(1), { kind: 'LIE', lie });
    // So that the liar is among the first two.
    for (const number of [2, 3]) disturb(nodes.node(number), { kind: 'DELAY', ms: 60 });
    await expect
      .poll(async () => {
        expect(await ask(nodes)[question]()).toBe(truth);
        return nodes.states();
      }, UNTIL)
      .toEqual(['LYING', 'HEALTHY', 'HEALTHY']);
    expect(await nodes.counter('rpc_cross_check_total', 'outcome="majority"')).toBe(1);
    expect(await nodes.counter('rpc_node_demotions_total', 'reason="LYING"')).toBe(1);
    const before = nodes.node(1).callCounts().get('eth_getTransactionReceipt');
    expect(await ask(nodes).status()).toBe('success');
    expect(nodes.node(1).callCounts().get('eth_getTransactionReceipt')).toBe(before);
  },
);

test.each(LIES)(
  'of two nodes one lies (%s): nothing is concluded, nobody is called a liar',
  async (lie, question, truth) => {
    const nodes = await nodesOf(2);
    disturb(nodes.node(2), { kind: 'LIE', lie });
    await expect(ask(nodes)[question]()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
    expect(nodes.states()).toEqual(['HEALTHY', 'HEALTHY']);
    expect(await nodes.counter('rpc_cross_check_total', 'outcome="disagreed"')).toBe(1);
    disturb(nodes.node(2), null);
    expect(await ask(nodes)[question]()).toBe(truth);
  },
);

test('a block’s hash: the two are believed; once is what a reorg does, and the other is set aside for a while', async () => {
  const nodes = await nodesOf(3);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'BLOCK_HASH_CHANGED' });
  await expect
    .poll(async () => {
      expect(await ask(nodes).block()).toBe(true);
      return nodes.states();
    }, UNTIL)
    .toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
  expect(await ask(nodes).block()).toBe(true);
});

test('what one node does not know contradicts nobody', async () => {
  const three = await nodesOf(3);
  disturb(three.node(1), { kind: 'LIE', lie: 'RECEIPT_MISSING' });
  expect(await ask(three).status()).toBe('success');
  expect(three.states()).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  const two = await nodesOf(2);
  disturb(two.node(1), { kind: 'LIE', lie: 'RECEIPT_MISSING' });
  await expect(ask(two).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
});

test('two that lie alike are believed by nobody who could know; two that lie otherwise conclude nothing', async () => {
  const nodes = await nodesOf(3);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  disturb(nodes.node(2), { kind: 'LIE', lie: 'NONCE_BEHIND' });
  await expect(ask(nodes).nonce()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
  disturb(nodes.node(2), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  // The limit of the rule: a majority cannot be told from the truth.
  expect(await ask(nodes).nonce()).toBe(2);
});

test('no logs of a block that a node does not have say nothing: one that lies is not believed with it', async () => {
  const nodes = await nodesOf(3);
  const { number } = await chain.client.getBlock();
  nodes.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: Number(number - (await blockNumber())) + 1 });
  disturb(nodes.node(2), { kind: 'LIE', lie: 'LOGS_REMOVED' });
  // So that the honest one that has the block is not heard before the two.
  disturb(nodes.node(3), { kind: 'DELAY', ms: 60 });
  await expect(ask(nodes).logs()).rejects.toSatisfy(isCausedBy(NodesDisagreeError));
  nodes.node(1).setPlan(null);
  expect(await ask(nodes).logs()).toBe(1);
});

test('of three nodes one tells of no newest block: the heads go on, and it is told', async () => {
  const nodes = await nodesOf(3);
  await expect.poll(() => nodes.pool.checked.getBlockNumber()).toBeGreaterThan(0n);
  disturb(nodes.node(1), { kind: 'LIE', lie: 'HEAD_MISSING' });
  const finalOf = async (client: typeof chain.client | PooledNodes['pool']['checked']) =>
    (await client.getBlock({ blockTag: 'finalized' })).hash;
  expect(await finalOf(nodes.pool.checked)).toBe(await finalOf(chain.client));
  expect(await nodes.pool.checked.getBlockNumber()).toBe(await chain.client.getBlockNumber());
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
});

test.each([2, 3])('of %i nodes one tells of high fees: gas is quoted as if it did not', async (count) => {
  const nodes = await nodesOf(count);
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

test('what only steers is two nodes’ word; while one is down, the other’s', async () => {
  const nodes = await nodesOf(3);
  const sender = required(chain.strangers[0], 'A stranger').address;
  const nonce = () => preferChecked(nodes.pool, (client) => readNonce(client, sender));
  disturb(nodes.node(1), { kind: 'LIE', lie: 'NONCE_AHEAD' });
  expect(await nonce()).toBe(1n);
  const two = await nodesOf(2);
  await two.node(2).refuse();
  expect(await preferChecked(two.pool, (client) => readNonce(client, sender))).toBe(1n);
});

test('a node that breaks: the next one answers; it comes back, each time', async () => {
  const nodes = await nodesOf(2);
  for (let round = 0; round < 2; round++) {
    await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
    await nodes.node(1).refuse();
    await expect
      .poll(async () => {
        expect(await nodes.pool.client.getBlockNumber()).toBeGreaterThan(0n);
        return nodes.states();
      }, UNTIL)
      .toEqual(['FAILING', 'HEALTHY']);
    await nodes.node(1).accept();
    await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  }
  expect(await nodes.counter('rpc_node_demotions_total', 'reason="FAILING"')).toBe(2);
});

test('one of two is down: nothing is concluded; it is back: everything goes on', async () => {
  const nodes = await nodesOf(2);
  await nodes.node(2).refuse();
  await expect(ask(nodes).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  await expect(nodes.pool.checked.getBlockNumber()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  // What blocks will decide about goes on.
  expect(await nodes.pool.client.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' });
  expect(await nodes.counter('rpc_cross_check_total', 'outcome="too_few"')).toBeGreaterThan(0);
  await nodes.node(2).accept();
  await expect
    .poll(
      () =>
        ask(nodes)
          .status()
          .catch(() => null),
      UNTIL,
    )
    .toBe('success');
});

test('all nodes are down, and back', async () => {
  const nodes = await nodesOf(3);
  await Promise.all([1, 2, 3].map((number) => nodes.node(number).refuse()));
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['FAILING', 'FAILING', 'FAILING']);
  await expect(nodes.pool.client.getBlockNumber()).rejects.toThrow('ECONNREFUSED');
  expect(nodes.pool.canBeAsked()).toBe(false);
  await Promise.all([1, 2, 3].map((number) => nodes.node(number).accept()));
  // The last resort: nobody waits for a breaker when all are open.
  expect(await ask(nodes).status()).toBe('success');
  // Nor does work, for as long as nodes stay out that have failed often.
  expect(nodes.pool.canBeAsked()).toBe(true);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
});

test('a node that lags is told and not asked; what is newest is what two have', async () => {
  const nodes = await nodesOf(3);
  nodes.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: 8 });
  await chain.client.mine({ blocks: 10, interval: 2 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['LAGGING', 'HEALTHY', 'HEALTHY']);
  const head = await chain.client.getBlockNumber();
  expect(await nodes.pool.client.getBlockNumber()).toBe(head);
  expect(await nodes.pool.checked.getBlockNumber()).toBe(head);
  nodes.node(1).setPlan(null);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY', 'HEALTHY']);
  const two = await nodesOf(2);
  two.node(1).setPlan({ seed: 'lag', rules: [], lagBlocks: 3 });
  expect(await two.pool.checked.getBlockNumber()).toBe(head - 3n);
});

test('a node that wants a rest gets it', async () => {
  const nodes = await nodesOf(2);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  disturb(nodes.node(1), { kind: 'RATE_LIMIT', retryAfterSeconds: 60 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['RATE_LIMITED', 'HEALTHY']);
  const calls = nodes.node(1).callCount();
  disturb(nodes.node(1), null);
  for (let count = 0; count < 20; count++) await nodes.pool.client.getBlockNumber();
  await expect(ask(nodes).status()).rejects.toSatisfy(isCausedBy(TooFewNodesError));
  expect(nodes.node(1).callCount()).toBe(calls);
});

test('a node that wanted a rest comes back after it, and not before', async () => {
  const nodes = await nodesOf(2);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  const began = performance.now();
  disturb(nodes.node(1), { kind: 'RATE_LIMIT', retryAfterSeconds: 2 });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['RATE_LIMITED', 'HEALTHY']);
  disturb(nodes.node(1), null);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'HEALTHY']);
  expect(performance.now() - began).toBeGreaterThan(1_800);
  disturb(nodes.node(2), { kind: 'LIMIT_EXCEEDED' });
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['HEALTHY', 'RATE_LIMITED']);
});

test('a node of another chain is never asked; when all are, it is said', async () => {
  const nodes = await nodesOf(3);
  disturb(nodes.node(2), { kind: 'LIE', lie: 'CHAIN_ID_CHANGED' });
  expect(await nodes.pool.whichChain()).toBe('RIGHT');
  expect(nodes.states()).toEqual(['HEALTHY', 'WRONG_CHAIN', 'HEALTHY']);
  expect(await ask(nodes).status()).toBe('success');
  expect([...nodes.node(2).callCounts().keys()]).toEqual(['eth_chainId']);
  const others = await nodesOf(2, 1);
  expect(await others.pool.whichChain()).toBe('WRONG');
  await expect(others.pool.client.getBlockNumber()).rejects.toThrow('no node can be asked');
});

test('sends go to all nodes: taken by one is taken, whatever the other says', async () => {
  const nodes = await nodesOf(2);
  disturb(nodes.node(1), { kind: 'ERROR_AFTER' }, SEND);
  const outcome = await sendRawTransaction(nodes.pool.client, await signed());
  // The pool behind both is one: whoever comes second is told that it has these bytes.
  expect(outcome.kind === 'REFUSED' ? outcome.reason : 'ACCEPTED').toMatch(/^(ACCEPTED|ALREADY_KNOWN)$/);
  await nodes.node(1).refuse();
  expect(await sendRawTransaction(nodes.pool.client, await signed())).toEqual({ kind: 'ACCEPTED' });
  expect(nodes.node(2).sent()).toHaveLength(2);
});

test('an answer that is lost weighs more than a refusal; when all refuse, what says most is told', async () => {
  const nodes = await nodesOf(2);
  const used = await signed();
  await chain.client.sendRawTransaction({ serializedTransaction: used });
  await chain.mine();
  disturb(nodes.node(1), { kind: 'DROP_AFTER' }, SEND);
  expect(await sendRawTransaction(nodes.pool.client, used)).toMatchObject({ kind: 'UNKNOWN' });
  disturb(nodes.node(1), null);
  expect(await sendRawTransaction(nodes.pool.client, used)).toMatchObject({
    kind: 'REFUSED',
    reason: 'NONCE_USED',
  });
});

test('hints of heads come from every node', async () => {
  const nodes = await nodesOf(2);
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = nodes.pool.watch(resolve);
  await expect.poll(async () => (await nodes.told()).match(/tells of new heads/g)?.length, UNTIL).toBe(2);
  await nodes.node(1).refuse();
  await chain.mine();
  await promise;
  end();
});

test('nothing of a node’s URL is told', async () => {
  const nodes = await nodesOf(2);
  await nodes.node(1).refuse();
  await nodes.node(2).refuse();
  const error = await nodes.pool.checked.getBlockNumber().catch((thrown: unknown) => thrown);
  await expect.poll(() => nodes.states(), UNTIL).toEqual(['FAILING', 'FAILING']);
  const told = `${await nodes.told()} ${JSON.stringify(error)} ${String(error)}`;
  for (const number of [1, 2]) expect(told).not.toContain(new URL(nodes.node(number).rpcUrl).port);
});

function isCausedBy(kind: typeof NodesDisagreeError | typeof TooFewNodesError) {
  return (error: unknown) => {
    for (let one = error; one instanceof Error; one = one.cause as Error)
      if (one instanceof kind) return true;
    throw new Error('Another error was expected.', { cause: error });
  };
}
