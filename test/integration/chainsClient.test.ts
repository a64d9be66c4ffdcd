import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Hash, parseEther, parseGwei, type TransactionSerializableEIP1559 } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { createEvmClient, type EvmClient } from '../../chains/evm/client/evmClient.ts';
import { readMarketFees } from '../../chains/evm/client/readFees.ts';
import { readNativeBalance, readNonce } from '../../chains/evm/client/readRelayer.ts';
import { readSafe } from '../../chains/evm/client/readSafe.ts';
import { sendRawTransaction } from '../../chains/evm/client/sendRawTransaction.ts';
import { watchHeads } from '../../chains/evm/client/watchHeads.ts';
import { required } from '../../core/errors.ts';
import { offerFor } from '../../payouts/fees/feeArithmetic.ts';
import { DEFAULT_FEE_POLICY } from '../../payouts/fees/feePolicy.ts';
import { startTestChain, type TestChain } from '../kit/chain.ts';

let chain: TestChain;
let client: EvmClient;
beforeAll(async () => {
  chain = await startTestChain();
  client = createEvmClient(chain);
});
afterAll(() => chain?.stop());

async function sign(privateKey: `0x${string}`, change: Partial<TransactionSerializableEIP1559> = {}) {
  const account = privateKeyToAccount(privateKey);
  const fees = required(
    offerFor(await readMarketFees({ client, checked: client }), DEFAULT_FEE_POLICY),
    'An offer',
  );
  return account.signTransaction({
    ...{ type: 'eip1559', chainId: chain.chainId, to: account.address, gas: 21_000n },
    ...{ nonce: Number(await readNonce(client, account.address)), ...fees },
    ...change,
  });
}

test('says what a node answered to a transaction, and concludes nothing from it', async () => {
  const { privateKey, address } = required(chain.strangers[0], 'A stranger');
  const raw = await sign(privateKey);
  expect(await sendRawTransaction(client, raw)).toEqual({ kind: 'ACCEPTED' });
  expect(await sendRawTransaction(client, raw)).toMatchObject({ kind: 'REFUSED', reason: 'ALREADY_KNOWN' });
  const cheaper = await sign(privateKey, { maxPriorityFeePerGas: 1n });
  expect(await sendRawTransaction(client, cheaper)).toMatchObject({
    kind: 'REFUSED',
    reason: 'REPLACEMENT_UNDERPRICED',
  });
  await chain.mine();
  expect(await sendRawTransaction(client, raw)).toMatchObject({ kind: 'REFUSED', reason: 'NONCE_USED' });
  const below = await sign(privateKey, { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n });
  expect(await sendRawTransaction(client, below)).toMatchObject({ kind: 'REFUSED', reason: 'UNDERPRICED' });
  expect(await readNonce(client, address)).toBe(1n);
  expect(await readNativeBalance(client, address)).toBeLessThan(parseEther('10000'));
});

test('a sender without money and bytes that are no transaction are refused', async () => {
  const poor = await sign(generatePrivateKey());
  expect(await sendRawTransaction(client, poor)).toMatchObject({
    kind: 'REFUSED',
    reason: 'INSUFFICIENT_FUNDS',
  });
  expect(await sendRawTransaction(client, '0x1234')).toMatchObject({ kind: 'REFUSED', reason: 'OTHER' });
});

test('a node that does not answer leaves the outcome unknown', async () => {
  const nobody = createEvmClient({ rpcUrl: 'http://127.0.0.1:1' });
  expect(await sendRawTransaction(nobody, '0x1234')).toMatchObject({ kind: 'UNKNOWN' });
});

test('a chain asks for the next block’s base fee, and tips that blocks took', async () => {
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('7') });
  await chain.mine();
  const head = await client.getBlock();
  const market = await readMarketFees({ client, checked: client });
  expect(market.headNumber).toBe(head.number);
  // An empty block: the next one asks for an eighth less.
  expect(market.nextBaseFeePerGas).toBe(parseGwei('6.125'));
  expect(market.priorityFeePerGas).toBeGreaterThan(0n);
});

test('where nothing stands there is no Safe', async () => {
  expect(await readSafe(client, required(chain.strangers[1], 'A stranger').address)).toBeNull();
  const { hash } = await client.getBlock();
  expect(await readSafe(client, required(chain.strangers[1], 'A stranger').address, hash)).toBeNull();
});

test('tells of new heads, and which they are', async () => {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const changes: (string | null)[] = [];
  const end = watchHeads(chain.wsUrl, resolve, (fault) => changes.push(fault));
  const mining = setInterval(() => void chain.mine(), 100);
  const hash = await promise;
  clearInterval(mining);
  end();
  expect(await client.getBlock({ blockHash: hash as Hash })).toMatchObject({ hash });
  expect(changes).toEqual([null]);
});

test('says once that a URL is of no node that tells of heads, and not what the URL is', async () => {
  const key = 'k3yThatIsPaidFor';
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const changes: (string | null)[] = [];
  const { port } = server.address() as AddressInfo;
  const end = watchHeads(
    `ws://127.0.0.1:${port}/${key}`,
    () => {},
    (fault) => changes.push(fault),
  );
  await expect.poll(() => asked).toBeGreaterThan(1);
  end();
  expect(changes).toHaveLength(1);
  expect(changes[0]).toContain('404');
  expect(changes[0]).not.toContain(key);
  const closed = once(server, 'close');
  server.close();
  await closed;
});

test('subscribes anew when the socket breaks, and is deaf to anything else', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const subscribed: string[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      subscribed.push(data.toString());
      socket.send('no JSON');
      socket.send(JSON.stringify({ id: 1, result: '0x1' }));
      if (subscribed.length === 1) socket.terminate();
      else socket.send(JSON.stringify({ method: 'eth_subscription', params: {} }));
    });
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const heads: (string | null)[] = [];
  const changes: (string | null)[] = [];
  const end = watchHeads(
    `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    (hash) => {
      heads.push(hash);
      resolve();
    },
    (fault) => changes.push(fault),
  );
  await promise;
  end();
  expect(subscribed).toHaveLength(2);
  expect(heads).toEqual([null]);
  expect(changes).toEqual([null, 'the socket was closed (1006)', null]);
  const closed = once(server, 'close');
  server.close();
  await closed;
});
