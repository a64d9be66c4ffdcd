import { once } from 'node:events';
import { keccak256, parseEther } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { type NodeProxy, type SentTransaction, startNodeProxy } from '../kit/nodeProxy.ts';
import {
  type Answer,
  type AskedChain,
  ask,
  askBoth,
  post,
  question,
  startAskedChain,
} from './nodeProxyKit.ts';

const SEND = 'eth_sendRawTransaction';
const LAG_BLOCKS = 3;
const DELAY_MS = 150;

let asked: AskedChain;
let proxy: NodeProxy;
let told: SentTransaction[];
beforeAll(async () => {
  asked = await startAskedChain();
});
afterAll(() => asked?.chain.stop());
beforeEach(async () => {
  told = [];
  proxy = await startNodeProxy(asked.chain.rpcUrl, {
    process: 'worker',
    node: 'first',
    onSend: async (sent) => {
      told.push(sent);
    },
  });
});
afterEach(() => proxy.stop());

async function countOf(tag = 'pending'): Promise<bigint> {
  const { account, chain } = asked;
  return BigInt(String((await ask(chain.rpcUrl, 'eth_getTransactionCount', [account.address, tag])).result));
}

test('a client works through it as through the node, in batches, and calls are counted by method', async () => {
  const client = createEvmClient({ rpcUrl: proxy.rpcUrl });
  const [chainId, block, balance] = await Promise.all([
    client.getChainId(),
    client.getBlockNumber(),
    client.getBalance({ address: asked.account.address }),
  ]);
  expect(chainId).toBe(asked.chain.chainId);
  expect(block).toBeGreaterThan(0n);
  expect(balance).toBeGreaterThan(parseEther('9999'));
  expect(Object.fromEntries(proxy.callCounts())).toEqual({
    eth_chainId: 1,
    eth_blockNumber: 1,
    eth_getBalance: 1,
  });
  expect(proxy.callCount()).toBe(3);
  expect(Object.fromEntries(proxy.faultCounts())).toEqual({ PASS: 3 });
});

test('sent transactions are recorded and told before they reach the node', async () => {
  const rawTransaction = await asked.signed();
  const before = await countOf();
  const { result } = await ask(proxy.rpcUrl, SEND, [rawTransaction]);
  expect(result).toBe(keccak256(rawTransaction));
  const expected = { hash: result, rawTransaction, process: 'worker', node: 'first', fault: 'PASS' };
  expect(proxy.sent()).toMatchObject([expected]);
  expect(told).toEqual(proxy.sent());
  expect(await countOf()).toBe(before + 1n);
  await asked.chain.mine();
});

test('DROP_BEFORE never arrives; DROP_AFTER and ERROR_AFTER arrive, and nobody says so', async () => {
  const before = await countOf();
  const rawTransaction = await asked.signed();
  proxy.force(SEND, { kind: 'DROP_BEFORE' });
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  expect(await countOf()).toBe(before);
  proxy.force(SEND, { kind: 'DROP_AFTER' });
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  expect(await countOf()).toBe(before + 1n);
  proxy.force(SEND, { kind: 'ERROR_AFTER' });
  const { error } = await ask(proxy.rpcUrl, SEND, [await asked.signed()]);
  expect(error?.code).toBe(-32603);
  expect(await countOf()).toBe(before + 2n);
  expect(proxy.sent().map(({ fault }) => fault)).toEqual(['DROP_BEFORE', 'DROP_AFTER', 'ERROR_AFTER']);
  await asked.chain.mine();
});

test('DUPLICATE: the node is asked twice and the second answer is told', async () => {
  const before = await countOf();
  proxy.force(SEND, { kind: 'DUPLICATE' });
  const { error } = await ask(proxy.rpcUrl, SEND, [await asked.signed()]);
  expect(error?.message).toMatch(/already (known|imported)/);
  expect(await countOf()).toBe(before + 1n);
  await asked.chain.mine();
});

test('limits: status 429 with Retry-After for all, -32005 for one call of a batch', async () => {
  proxy.force('eth_chainId', { kind: 'RATE_LIMIT', retryAfterSeconds: 2 });
  const limited = await post(proxy.rpcUrl, question('eth_chainId'));
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
  proxy.force('eth_chainId', { kind: 'LIMIT_EXCEEDED' });
  const batch = [
    question('eth_chainId', [], 1),
    question('eth_blockNumber', [], 2),
    question('eth_chainId', [], 3),
  ];
  const answers = (await (await post(proxy.rpcUrl, batch)).json()) as Answer[];
  expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
    [1, -32005],
    [2, undefined],
    [3, undefined],
  ]);
  expect(answers[2]?.result).toBe(`0x${asked.chain.chainId.toString(16)}`);
});

test('DELAY: the same, later', async () => {
  proxy.force('eth_chainId', { kind: 'DELAY', ms: DELAY_MS });
  const start = performance.now();
  expect((await ask(proxy.rpcUrl, 'eth_chainId')).result).toBe(`0x${asked.chain.chainId.toString(16)}`);
  // Timers of Node may be a millisecond early.
  expect(performance.now() - start).toBeGreaterThan(DELAY_MS - 2);
});

test('REORDER: a request is overtaken by the next, and a batch is answered backwards', async () => {
  const done: string[] = [];
  proxy.force('eth_chainId', { kind: 'REORDER', maxMs: 60_000 });
  const first = ask(proxy.rpcUrl, 'eth_chainId').then(() => done.push('first'));
  await expect.poll(() => proxy.callCount()).toBe(1);
  const second = ask(proxy.rpcUrl, 'eth_blockNumber').then(() => done.push('second'));
  await Promise.all([first, second]);
  expect(done).toEqual(['second', 'first']);
  proxy.force('eth_chainId', { kind: 'REORDER', maxMs: 1 });
  const batch = [question('eth_chainId', [], 1), question('eth_blockNumber', [], 2)];
  const answers = (await (await post(proxy.rpcUrl, batch)).json()) as Answer[];
  expect(answers.map(({ id }) => id)).toEqual([2, 1]);
  expect(answers[1]?.result).toBe(`0x${asked.chain.chainId.toString(16)}`);
});

test('LAG: the head, its block, balances, counts, logs and receipts of so many blocks ago', async () => {
  const late = await asked.mint();
  await asked.chain.mine(LAG_BLOCKS);
  const { address } = asked.account;
  proxy.setPlan({ seed: '', rules: [], lagBlocks: LAG_BLOCKS });
  const heads = await askBoth(asked, proxy, 'eth_blockNumber');
  expect(BigInt(String(heads.truth)) - BigInt(String(heads.said))).toBe(BigInt(LAG_BLOCKS));
  const head = heads.said;
  const blocks = await askBoth(asked, proxy, 'eth_getBlockByNumber', ['latest', false]);
  expect(blocks.said.number).toBe(head);
  expect((await askBoth(asked, proxy, 'eth_getBlockByNumber', [blocks.truth.number, false])).said).toBeNull();
  expect((await askBoth(asked, proxy, 'eth_getBlockByHash', [blocks.truth.hash, false])).said).toBeNull();
  const counts = await askBoth(asked, proxy, 'eth_getTransactionCount', [address, 'latest']);
  expect(BigInt(String(counts.truth)) - BigInt(String(counts.said))).toBe(1n);
  const before = (await ask(asked.chain.rpcUrl, 'eth_getBalance', [address, head])).result;
  expect((await askBoth(asked, proxy, 'eth_getBalance', [address, 'latest'])).said).toBe(before);
  expect((await askBoth(asked, proxy, 'eth_getTransactionReceipt', [late])).said).toBeNull();
  expect((await askBoth(asked, proxy, 'eth_getTransactionByHash', [late])).said).toMatchObject({
    hash: late,
    blockNumber: null,
  });
  const found = await askBoth(asked, proxy, 'eth_getLogs', [
    { address: asked.token, fromBlock: '0x0', toBlock: 'latest' },
  ]);
  expect((found.truth as unknown as unknown[]).length - (found.said as unknown as unknown[]).length).toBe(1);
  const later = { address: asked.token, fromBlock: blocks.truth.number, toBlock: 'latest' };
  expect((await askBoth(asked, proxy, 'eth_getLogs', [later])).said).toEqual([]);
  expect((await askBoth(asked, proxy, 'eth_getTransactionReceipt', [asked.minted])).said).toMatchObject({
    status: '0x1',
  });
});

test('failpoints: BEFORE and cut never arrives, RAN and cut arrives unheard, AFTER is heard', async () => {
  const before = await countOf();
  const rawTransaction = await asked.signed();
  const first = proxy.onRequest(SEND, 1, 'BEFORE', async () => 'CUT');
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  await expect(first.reached).resolves.toMatchObject({ method: SEND, nth: 1 });
  expect(await countOf()).toBe(before);
  proxy.onRequest(SEND, 1, 'RAN', async () => 'CUT');
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  expect(await countOf()).toBe(before + 1n);
  const last = proxy.onRequest(/^eth_chainId$/, 2, 'AFTER', async () => 'GO_ON');
  await ask(proxy.rpcUrl, 'eth_chainId');
  expect(last.isReached()).toBe(false);
  await ask(proxy.rpcUrl, 'eth_chainId');
  await last.reached;
  // Of a request that never arrives all is over at once.
  proxy.force('eth_chainId', { kind: 'DROP_BEFORE' });
  const dropped = proxy.onRequest('eth_chainId', 1, 'RAN', async () => 'GO_ON');
  await expect(ask(proxy.rpcUrl, 'eth_chainId')).rejects.toThrow();
  await dropped.reached;
  await asked.chain.mine();
});

test('a WebSocket tells of heads; it breaks when it is cut; connections are refused and taken again', async () => {
  const socket = new WebSocket(proxy.wsUrl);
  await once(socket, 'open');
  const subscribed = once(socket, 'message');
  socket.send(JSON.stringify(question('eth_subscribe', ['newHeads'])));
  await subscribed;
  const head = once(socket, 'message');
  await asked.chain.mine();
  expect(JSON.parse(String((await head)[0]))).toMatchObject({ method: 'eth_subscription' });
  const closed = once(socket, 'close');
  proxy.cut();
  await closed;
  await proxy.refuse();
  await expect(ask(proxy.rpcUrl, 'eth_chainId')).rejects.toThrow();
  await proxy.accept();
  expect((await ask(proxy.rpcUrl, 'eth_chainId')).result).toBe('0x7a69');
});
