// node bench/nodes.ts: what it costs to read a block of 64 full chunks from two nodes and compare, beside reading it from one.
// The nodes are threads that answer with the same prepared bytes. docs/guides/nodes.md has the figures.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Hash } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { createNodeMetrics } from '../chains/evm/client/nodes/nodeMetrics.ts';
import { createNodePool } from '../chains/evm/client/nodes/nodePool.ts';
import { readBlock } from '../chains/evm/client/readBlock.ts';
import { readLogs } from '../chains/evm/client/readLogs.ts';
import { readReceipt } from '../chains/evm/client/readReceipt.ts';
import { percentile } from './report.ts';

const CHUNKS = 64;
const ROWS = 200;
const ROUNDS = 30;
const WORD = (value: number) => `0x${value.toString(16).padStart(64, '0')}` as Hash;
const ADDRESS = `0x${'ab'.repeat(20)}`;
const BLOCK_HASH = WORD(0xb10c);

if (isMainThread) await measure();
else await serve();

async function measure(): Promise<void> {
  for (const count of [1, 2, 3]) {
    const nodes = await Promise.all(Array.from({ length: count }, startNode));
    const pool = createNodePool(
      { caip2: 'eip155:1', eip155ChainId: 1, nodes: nodes.map(({ rpcUrl }) => ({ rpcUrl })) },
      { logger: pino({ level: 'warn' }), metrics: createNodeMetrics(new Registry()) },
    );
    for (let round = 0; round < 3; round++) await readWholeBlock(pool.checked);
    const [took, worked]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const [began, before] = [performance.now(), process.threadCpuUsage()];
      await readWholeBlock(pool.checked);
      took.push(performance.now() - began);
      const { user, system } = process.threadCpuUsage(before);
      worked.push((user + system) / 1000);
    }
    const [median, work] = [percentile(took, 0.5).toFixed(0), percentile(worked, 0.5).toFixed(0)];
    const block = `a block of ${CHUNKS} chunks of ${ROWS}`;
    console.log(`${count} configured: ${median} ms ${block}, ${work} ms of one core (medians of ${ROUNDS})`);
    pool.close();
    for (const { end } of nodes) end();
  }
}

/** As the indexer reads it. */
async function readWholeBlock(client: EvmClient): Promise<void> {
  const block = await readBlock(client, 1n);
  if (block === null) throw new Error('The node has no block.');
  await Promise.all([
    readLogs(client, block, { topics: [WORD(1)] }),
    ...block.transactions.map(({ hash }) => readReceipt(client, block.hash, hash, new Set([WORD(1)]))),
  ]);
}

async function startNode(): Promise<{ rpcUrl: string; end: () => void }> {
  const worker = new Worker(new URL(import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  return { rpcUrl: `http://127.0.0.1:${port}`, end: () => void worker.terminate() };
}

async function serve(): Promise<void> {
  const answers = new Map<string, string>();
  const transactions = Array.from({ length: CHUNKS }, (_, index) => transactionOf(index));
  const block = { number: '0x1', hash: BLOCK_HASH, parentHash: WORD(0), timestamp: '0x1', transactions };
  const logs = transactions.map(({ hash }, index) => logOf(hash, index, [WORD(1), WORD(index)]));
  answers.set('eth_chainId', '"0x1"');
  answers.set('eth_getBlockByNumber', JSON.stringify(block));
  const hashes = transactions.map(({ hash }) => hash);
  answers.set('eth_getBlockByHash', JSON.stringify({ ...block, transactions: hashes }));
  answers.set('eth_getLogs', JSON.stringify(logs));
  for (const { hash } of transactions) answers.set(hash, JSON.stringify(receiptOf(hash)));
  const server = createServer(async (request, response) => {
    const asked = JSON.parse(await text(request)) as { id: number; method: string; params?: unknown[] }[];
    const parts = asked.map(({ id, method, params }) => {
      const key = method === 'eth_getTransactionReceipt' ? String(params?.[0]) : method;
      return `{"jsonrpc":"2.0","id":${id},"result":${answers.get(key)}}`;
    });
    response.setHeader('content-type', 'application/json').end(`[${parts.join(',')}]`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  parentPort?.postMessage((server.address() as AddressInfo).port);
}

function transactionOf(index: number) {
  const input = `0x${'cd'.repeat(32 * ROWS + 400)}`;
  const fees = { gas: '0x7a1200', gasPrice: '0x3b9aca00', maxFeePerGas: '0x3b9aca00', value: '0x0' };
  return {
    ...{ hash: WORD(0x7000 + index), from: ADDRESS, to: ADDRESS, nonce: `0x${index.toString(16)}`, input },
    ...{ ...fees, blockHash: BLOCK_HASH, blockNumber: '0x1', type: '0x2', r: WORD(1), s: WORD(2), v: '0x0' },
  };
}

/** A transfer for each row, and the chunk's own. */
function receiptOf(hash: Hash) {
  const logs = Array.from({ length: ROWS + 1 }, (_, index) =>
    logOf(hash, index, [WORD(9), WORD(8), WORD(index)]),
  );
  return {
    ...{
      transactionHash: hash,
      blockHash: BLOCK_HASH,
      blockNumber: '0x1',
      status: '0x1',
      from: ADDRESS,
      to: ADDRESS,
    },
    ...{ gasUsed: '0x7a1200', effectiveGasPrice: '0x3b9aca00', logsBloom: `0x${'00'.repeat(256)}`, logs },
  };
}

function logOf(transactionHash: Hash, index: number, topics: readonly Hash[]) {
  const place = { blockHash: BLOCK_HASH, blockNumber: '0x1', transactionHash, transactionIndex: '0x0' };
  return {
    address: ADDRESS,
    topics,
    data: WORD(5),
    logIndex: `0x${index.toString(16)}`,
    removed: false,
    ...place,
  };
}
