import { type Hash, type Hex, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { NodesDisagreeError, TooFewNodesError } from '../../chains/evm/client/nodes/inconclusive.ts';
import { required } from '../../core/errors.ts';
import { startTestChain, type TestAccount, type TestChain } from '../kit/chain.ts';
import { type PooledNodes, startPooledNodes } from './nodesKit.ts';

// A chain, pools of ways to its node, and what the indexer and the engine ask them.

/** With `expect.poll`: states of nodes change quickly. */
export const UNTIL = { interval: 25 };

export type AskedNodes = Awaited<ReturnType<typeof startAskedNodes>>;

export async function startAskedNodes() {
  const chain = await startTestChain();
  const opened: PooledNodes[] = [];
  const [asked, sender] = chain.strangers.map((stranger) => required(stranger, 'A stranger'));
  const account = required(asked, 'A stranger');
  const token = required(chain.contracts.DevelopmentUSDC, 'The token');
  // approve(address,uint256): any log will do.
  const data = `0x095ea7b3${'11'.repeat(20).padStart(64, '0')}${'1'.padStart(64, '0')}` as const;
  const serializedTransaction = await sign(chain, account, { to: token, data, gas: 100_000n });
  const hash: Hash = await chain.client.sendRawTransaction({ serializedTransaction });
  await chain.mine(3);
  const { blockHash, blockNumber } = await chain.client.getTransactionReceipt({ hash });
  return {
    chain,
    /** Of a transaction in a block, with one log: an approval of a token. */
    ...{ hash, blockNumber },
    /** Who sent that, and nothing else. */
    address: account.address,
    /** A pool of so many nodes, until `stopNodes`. @param chainId that it expects */
    nodesOf: async (count: number, chainId = chain.chainId): Promise<PooledNodes> => {
      const nodes = await startPooledNodes(chain.rpcUrl, count, chainId);
      opened.push(nodes);
      return nodes;
    },
    /** What is concluded from. */
    ask: ({ pool: { checked } }: PooledNodes) => ({
      status: async () => (await checked.getTransactionReceipt({ hash })).status,
      logs: async () => (await checked.getLogs({ blockHash })).length,
      nonce: () => checked.getTransactionCount({ address: account.address }),
      balance: async () => (await checked.getBalance({ address: account.address })) > 0n,
      code: async () => (await checked.getCode({ address: token })) !== undefined,
      block: async () => (await checked.getBlock({ blockNumber })).hash === blockHash,
    }),
    /** Signed by somebody else, and not sent. */
    signed: (): Promise<Hex> => {
      const other = required(sender, 'A stranger');
      return sign(chain, other, { to: other.address });
    },
    stopNodes: async () => {
      await Promise.all(opened.splice(0).map((nodes) => nodes.stop()));
    },
    stop: () => chain.stop(),
  };
}

async function sign(chain: TestChain, { address, privateKey }: TestAccount, change: object): Promise<Hex> {
  const nonce = await chain.client.getTransactionCount({ address, blockTag: 'pending' });
  const fees = { maxFeePerGas: parseEther('0.000000100'), maxPriorityFeePerGas: 1n };
  return privateKeyToAccount(privateKey).signTransaction({
    ...{ type: 'eip1559', chainId: chain.chainId, nonce, gas: 21_000n, ...fees, ...change },
  } as const);
}

/** For `toSatisfy`: an error that comes of this one. */
export function isCausedBy(kind: typeof NodesDisagreeError | typeof TooFewNodesError) {
  return (error: unknown) => {
    for (let one = error; one instanceof Error; one = one.cause as Error)
      if (one instanceof kind) return true;
    throw new Error('Another error was expected.', { cause: error });
  };
}
