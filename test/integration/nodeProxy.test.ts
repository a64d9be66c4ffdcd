import { once } from 'node:events';
import { type Address, createWalletClient, type Hex, http, keccak256, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { required } from '../../core/errors.ts';
import { startTestChain, type TestChain } from '../kit/chain.ts';
import { NODE_LIES, type NodeLie } from '../kit/nodeLies.ts';
import { type NodeProxy, type SentTransaction, startNodeProxy } from '../kit/nodeProxy.ts';

const SEND = 'eth_sendRawTransaction';
const LAG_BLOCKS = 3;
const DELAY_MS = 150;
const UNITS = 7n;

type Answer = { id: number; result?: unknown; error?: { code: number; message: string } };

let chain: TestChain;
let token: Address;
let minted: Hex;
let proxy: NodeProxy;
let told: SentTransaction[];
beforeAll(async () => {
  chain = await startTestChain();
  token = required(chain.contracts.DevelopmentUSDC, 'The token') as Address;
  minted = await chain.client.writeContract({
    account: privateKeyToAccount(account().privateKey),
    address: token,
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [account().address, UNITS],
    chain: null,
  });
  await chain.mine();
});
afterAll(() => chain?.stop());
beforeEach(async () => {
  told = [];
  proxy = await startNodeProxy(chain.rpcUrl, {
    process: 'worker',
    node: 'first',
    onSend: (sent) => {
      told.push(sent);
    },
  });
});
afterEach(() => proxy.stop());

function account() {
  return required(chain.strangers[0], 'An account');
}

async function post(url: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

function question(method: string, params: unknown[] = [], id = 1) {
  return { jsonrpc: '2.0', id, method, params };
}

async function ask(url: string, method: string, params: unknown[] = []): Promise<Answer> {
  return (await (await post(url, question(method, params))).json()) as Answer;
}

async function askBoth(method: string, params: unknown[] = []) {
  const truth = (await ask(chain.rpcUrl, method, params)).result;
  const said = (await ask(proxy.rpcUrl, method, params)).result;
  return { truth, said } as { truth: Record<string, unknown>; said: Record<string, unknown> };
}

/** A transfer of native money, signed and not sent. */
async function signed(): Promise<Hex> {
  const wallet = createWalletClient({
    account: privateKeyToAccount(account().privateKey),
    transport: http(chain.rpcUrl),
  });
  const request = await wallet.prepareTransactionRequest({ to: token, value: 0n, gas: 50_000n, chain: null });
  return wallet.signTransaction({ ...request, to: account().address, chain: null });
}

async function countOf(tag = 'pending'): Promise<bigint> {
  return BigInt(
    String((await ask(chain.rpcUrl, 'eth_getTransactionCount', [account().address, tag])).result),
  );
}

test('a client works through it as through the node, in batches, and calls are counted by method', async () => {
  const client = createEvmClient({ rpcUrl: proxy.rpcUrl });
  const [chainId, block, balance] = await Promise.all([
    client.getChainId(),
    client.getBlockNumber(),
    client.getBalance({ address: account().address }),
  ]);
  expect(chainId).toBe(chain.chainId);
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
  const rawTransaction = await signed();
  const before = await countOf();
  const { result } = await ask(proxy.rpcUrl, SEND, [rawTransaction]);
  expect(result).toBe(keccak256(rawTransaction));
  const expected = { hash: result, rawTransaction, process: 'worker', node: 'first', fault: 'PASS' };
  expect(proxy.sent()).toMatchObject([expected]);
  expect(told).toEqual(proxy.sent());
  expect(await countOf()).toBe(before + 1n);
  await chain.mine();
});

test('DROP_BEFORE never arrives; DROP_AFTER and ERROR_AFTER arrive, and nobody says so', async () => {
  const before = await countOf();
  const rawTransaction = await signed();
  proxy.force(SEND, { kind: 'DROP_BEFORE' });
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  expect(await countOf()).toBe(before);
  proxy.force(SEND, { kind: 'DROP_AFTER' });
  await expect(ask(proxy.rpcUrl, SEND, [rawTransaction])).rejects.toThrow();
  expect(await countOf()).toBe(before + 1n);
  proxy.force(SEND, { kind: 'ERROR_AFTER' });
  const { error } = await ask(proxy.rpcUrl, SEND, [await signed()]);
  expect(error?.code).toBe(-32603);
  expect(await countOf()).toBe(before + 2n);
  expect(proxy.sent().map(({ fault }) => fault)).toEqual(['DROP_BEFORE', 'DROP_AFTER', 'ERROR_AFTER']);
  await chain.mine();
});

test('DUPLICATE: the node is asked twice and the second answer is told', async () => {
  const before = await countOf();
  proxy.force(SEND, { kind: 'DUPLICATE' });
  const { error } = await ask(proxy.rpcUrl, SEND, [await signed()]);
  expect(error?.message).toMatch(/already (known|imported)/);
  expect(await countOf()).toBe(before + 1n);
  await chain.mine();
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
  expect(answers[2]?.result).toBe(`0x${chain.chainId.toString(16)}`);
});

test('DELAY: the same, later', async () => {
  proxy.force('eth_chainId', { kind: 'DELAY', ms: DELAY_MS });
  const start = performance.now();
  expect((await ask(proxy.rpcUrl, 'eth_chainId')).result).toBe(`0x${chain.chainId.toString(16)}`);
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
  expect(answers[1]?.result).toBe(`0x${chain.chainId.toString(16)}`);
});

test('LAG: the head, its block, balances, counts, logs and receipts of so many blocks ago', async () => {
  const late = await chain.client.writeContract({
    account: privateKeyToAccount(account().privateKey),
    address: token,
    abi: developmentUsdcAbi,
    functionName: 'mint',
    args: [account().address, UNITS],
    chain: null,
  });
  await chain.mine(LAG_BLOCKS);
  const { address } = account();
  proxy.setPlan({ seed: '', rules: [], lagBlocks: LAG_BLOCKS });
  const heads = await askBoth('eth_blockNumber');
  expect(BigInt(String(heads.truth)) - BigInt(String(heads.said))).toBe(BigInt(LAG_BLOCKS));
  const head = heads.said;
  const blocks = await askBoth('eth_getBlockByNumber', ['latest', false]);
  expect(blocks.said.number).toBe(head);
  expect((await askBoth('eth_getBlockByNumber', [blocks.truth.number, false])).said).toBeNull();
  expect((await askBoth('eth_getBlockByHash', [blocks.truth.hash, false])).said).toBeNull();
  const counts = await askBoth('eth_getTransactionCount', [address, 'latest']);
  expect(BigInt(String(counts.truth)) - BigInt(String(counts.said))).toBe(1n);
  const before = (await ask(chain.rpcUrl, 'eth_getBalance', [address, head])).result;
  expect((await askBoth('eth_getBalance', [address, 'latest'])).said).toBe(before);
  expect((await askBoth('eth_getTransactionReceipt', [late])).said).toBeNull();
  expect((await askBoth('eth_getTransactionByHash', [late])).said).toMatchObject({
    hash: late,
    blockNumber: null,
  });
  const found = await askBoth('eth_getLogs', [{ address: token, fromBlock: '0x0', toBlock: 'latest' }]);
  expect((found.truth as unknown as unknown[]).length - (found.said as unknown as unknown[]).length).toBe(1);
  const later = { address: token, fromBlock: blocks.truth.number, toBlock: 'latest' };
  expect((await askBoth('eth_getLogs', [later])).said).toEqual([]);
  expect((await askBoth('eth_getTransactionReceipt', [minted])).said).toMatchObject({ status: '0x1' });
});

type Difference = (truth: Record<string, unknown>, said: Record<string, unknown>) => void;
const receiptOf = () => ['eth_getTransactionReceipt', [minted]] as const;
const shorter: Difference = (truth, said) => {
  expect(truth.logs).toHaveLength(1);
  expect(said).toEqual({ ...truth, logs: [] });
};
const LIES: [NodeLie, () => readonly [string, readonly unknown[]], Difference][] = [
  [
    'RECEIPT_STATUS_FLIPPED',
    receiptOf,
    (truth, said) => {
      expect(truth.status).toBe('0x1');
      expect(said).toEqual({ ...truth, status: '0x0' });
    },
  ],
  ['RECEIPT_MISSING', receiptOf, (truth, said) => expect([truth === null, said]).toEqual([false, null])],
  ['LOGS_REMOVED', receiptOf, shorter],
  ['LOGS_ADDED', receiptOf, (_truth, said) => expect(said.logs).toHaveLength(2)],
  [
    'BLOCK_HASH_CHANGED',
    () => ['eth_getBlockByNumber', ['latest', false]],
    (truth, said) => {
      expect(said.hash).toMatch(/^0x[0-9a-f]{64}$/);
      expect(said.hash).not.toBe(truth.hash);
      expect({ ...said, hash: truth.hash }).toEqual(truth);
    },
  ],
  [
    'NONCE_AHEAD',
    () => ['eth_getTransactionCount', [account().address, 'latest']],
    (truth, said) => expect(BigInt(String(said))).toBe(BigInt(String(truth)) + 1n),
  ],
  [
    'NONCE_BEHIND',
    () => ['eth_getTransactionCount', [account().address, 'latest']],
    (truth, said) => expect(BigInt(String(said))).toBe(BigInt(String(truth)) - 1n),
  ],
  [
    'BALANCE_CHANGED',
    () => ['eth_getBalance', [account().address, 'latest']],
    (truth, said) => expect([BigInt(String(truth)) > 0n, said]).toEqual([true, '0x0']),
  ],
  [
    'CHAIN_ID_CHANGED',
    () => ['eth_chainId', []],
    (truth, said) => expect([truth, said]).toEqual(['0x7a69', '0x7a6a']),
  ],
  [
    'CODE_MISSING',
    () => ['eth_getCode', [token, 'latest']],
    (truth, said) => expect([String(truth).length > 2, said]).toEqual([true, '0x']),
  ],
  [
    'TRANSACTION_MISSING',
    () => ['eth_getTransactionByHash', [minted]],
    (truth, said) => expect([truth.hash, said]).toEqual([minted, null]),
  ],
];

test.each(LIES)('the lie %s, beside the truth', async (lie, asked, expectDifference) => {
  const [method, params] = asked();
  proxy.setPlan({ seed: '', rules: [{ perMille: 1000, fault: { kind: 'LIE', lie } }] });
  const { truth, said } = await askBoth(method, [...params]);
  expectDifference(truth, said);
  // What it does not concern is true.
  const { truth: gas, said: gasSaid } = await askBoth('eth_syncing');
  expect(gasSaid).toEqual(gas);
});

test('every lie is shown above; lists of logs and of receipts are lied about, too', async () => {
  expect(LIES.map(([lie]) => lie).toSorted()).toEqual(NODE_LIES.toSorted());
  const { blockNumber } = (await ask(chain.rpcUrl, 'eth_getTransactionReceipt', [minted])).result as {
    blockNumber: string;
  };
  const lengths = async (lie: NodeLie, method: string, params: unknown[]) => {
    proxy.force(method, { kind: 'LIE', lie });
    const { truth, said } = await askBoth(method, params);
    return [truth, said].map((list) => (list as unknown as unknown[]).length);
  };
  const filter = [{ address: token, fromBlock: blockNumber, toBlock: blockNumber }];
  expect(await lengths('LOGS_REMOVED', 'eth_getLogs', filter)).toEqual([1, 0]);
  expect(await lengths('LOGS_ADDED', 'eth_getLogs', filter)).toEqual([1, 2]);
  expect(await lengths('RECEIPT_MISSING', 'eth_getBlockReceipts', [blockNumber])).toEqual([1, 0]);
});

test('failpoints: BEFORE and cut never arrives, RAN and cut arrives unheard, AFTER is heard', async () => {
  const before = await countOf();
  const rawTransaction = await signed();
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
  await chain.mine();
});

test('a WebSocket tells of heads; it breaks when it is cut; connections are refused and taken again', async () => {
  const socket = new WebSocket(proxy.wsUrl);
  await once(socket, 'open');
  const subscribed = once(socket, 'message');
  socket.send(JSON.stringify(question('eth_subscribe', ['newHeads'])));
  await subscribed;
  const head = once(socket, 'message');
  await chain.mine();
  expect(JSON.parse(String((await head)[0]))).toMatchObject({ method: 'eth_subscription' });
  const closed = once(socket, 'close');
  proxy.cut();
  await closed;
  await proxy.refuse();
  await expect(ask(proxy.rpcUrl, 'eth_chainId')).rejects.toThrow();
  await proxy.accept();
  expect((await ask(proxy.rpcUrl, 'eth_chainId')).result).toBe('0x7a69');
});
