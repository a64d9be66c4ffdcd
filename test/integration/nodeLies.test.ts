import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { NODE_LIES, type NodeLie } from '../kit/nodeLies.ts';
import { type NodeProxy, startNodeProxy } from '../kit/nodeProxy.ts';
import { type AskedChain, ask, askBoth, type Fields, startAskedChain } from './nodeProxyKit.ts';

let asked: AskedChain;
let proxy: NodeProxy;
beforeAll(async () => {
  asked = await startAskedChain();
});
afterAll(() => asked?.chain.stop());
beforeEach(async () => {
  proxy = await startNodeProxy(asked.chain.rpcUrl, { process: 'worker', node: 'liar' });
});
afterEach(() => proxy.stop());

type Difference = (truth: Fields, said: Fields) => void;
const receiptOf = ({ minted }: AskedChain) => ['eth_getTransactionReceipt', [minted]] as const;
const shorter: Difference = (truth, said) => {
  expect(truth.logs).toHaveLength(1);
  expect(said).toEqual({ ...truth, logs: [] });
};
const LIES: [NodeLie, (at: AskedChain) => readonly [string, readonly unknown[]], Difference][] = [
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
    ({ account }) => ['eth_getTransactionCount', [account.address, 'latest']],
    (truth, said) => expect(BigInt(String(said))).toBe(BigInt(String(truth)) + 1n),
  ],
  [
    'NONCE_BEHIND',
    ({ account }) => ['eth_getTransactionCount', [account.address, 'latest']],
    (truth, said) => expect(BigInt(String(said))).toBe(BigInt(String(truth)) - 1n),
  ],
  [
    'BALANCE_CHANGED',
    ({ account }) => ['eth_getBalance', [account.address, 'latest']],
    (truth, said) => expect([BigInt(String(truth)) > 0n, said]).toEqual([true, '0x0']),
  ],
  [
    'CHAIN_ID_CHANGED',
    () => ['eth_chainId', []],
    (truth, said) => expect([truth, said]).toEqual(['0x7a69', '0x7a6a']),
  ],
  [
    'CODE_MISSING',
    ({ token }) => ['eth_getCode', [token, 'latest']],
    (truth, said) => expect([String(truth).length > 2, said]).toEqual([true, '0x']),
  ],
  [
    'TRANSACTION_MISSING',
    ({ minted }) => ['eth_getTransactionByHash', [minted]],
    (truth, said) => expect([truth.hash, said]).toEqual([asked.minted, null]),
  ],
  [
    'HEAD_MISSING',
    () => ['eth_getBlockByNumber', ['finalized', false]],
    (truth, said) => expect([truth === null, said]).toEqual([false, null]),
  ],
  [
    'FEES_RAISED',
    () => ['eth_feeHistory', ['0x1', 'latest', [60]]],
    (truth, said) => {
      const feeOf = ({ baseFeePerGas }: Fields) => BigInt((baseFeePerGas as string[]).at(-1) ?? 0);
      expect(feeOf(said)).toBe((feeOf(truth) + 1n) * 1_000n);
    },
  ],
  [
    'CALL_ANSWER_CHANGED',
    // decimals()
    ({ token }) => ['eth_call', [{ to: token, data: '0x313ce567' }, 'latest']],
    (truth, said) => expect([BigInt(String(truth)), BigInt(String(said))]).toEqual([6n, 7n]),
  ],
];

test.each(LIES)('the lie %s, beside the truth', async (lie, question, expectDifference) => {
  const [method, params] = question(asked);
  proxy.setPlan({ seed: '', rules: [{ perMille: 1000, fault: { kind: 'LIE', lie } }] });
  const { truth, said } = await askBoth(asked, proxy, method, params);
  expectDifference(truth, said);
  // What it does not concern is true.
  const { truth: gas, said: gasSaid } = await askBoth(asked, proxy, 'eth_syncing');
  expect(gasSaid).toEqual(gas);
});

test('every lie is shown above; lists of logs and of receipts are lied about, too', async () => {
  expect(LIES.map(([lie]) => lie).toSorted()).toEqual(NODE_LIES.toSorted());
  const { blockNumber } = (await ask(asked.chain.rpcUrl, 'eth_getTransactionReceipt', [asked.minted]))
    .result as {
    blockNumber: string;
  };
  const lengths = async (lie: NodeLie, method: string, params: unknown[]) => {
    proxy.force(method, { kind: 'LIE', lie });
    const { truth, said } = await askBoth(asked, proxy, method, params);
    return [truth, said].map((list) => (list as unknown as unknown[]).length);
  };
  const filter = [{ address: asked.token, fromBlock: blockNumber, toBlock: blockNumber }];
  expect(await lengths('LOGS_REMOVED', 'eth_getLogs', filter)).toEqual([1, 0]);
  expect(await lengths('LOGS_ADDED', 'eth_getLogs', filter)).toEqual([1, 2]);
  expect(await lengths('RECEIPT_MISSING', 'eth_getBlockReceipts', [blockNumber])).toEqual([1, 0]);
});
