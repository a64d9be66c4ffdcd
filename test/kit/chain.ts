import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Address, Hex } from 'viem';
import { removeAnvil, startAnvil } from '../../server/embedded/anvil.ts';
import {
  type ContractAddresses,
  createEmbeddedChainClient,
  type EmbeddedChainClient,
} from '../../server/embedded/contracts.ts';
import { developmentAccount, developmentPrivateKey } from '../../server/embedded/developmentAccounts.ts';
import { sharedTestParts } from './postgres.ts';

/** Account 0 deploys and mints, 1 to 3 approve, 4 to 8 are strangers, 9 relays. */
const APPROVERS = [1, 2, 3];
const STRANGERS = [4, 5, 6, 7, 8];
const RELAYER = 9;

export type TestAccount = { address: Address; privateKey: Hex };

export type TestChain = {
  rpcUrl: string;
  wsUrl: string;
  chainId: number;
  /** Process id of the node, to kill it. */
  pid: number;
  /** Addresses by name: PayoutVaultFactory, DevelopmentUSDC, SafeL2, … */
  contracts: ContractAddresses;
  /** Reads, writes, mines (`setNextBlockTimestamp`, `snapshot`, …); see viem's test client. */
  client: EmbeddedChainClient;
  /** Each has 10,000 ether. */
  approvers: TestAccount[];
  strangers: TestAccount[];
  relayer: TestAccount;
  /** Mines so many blocks, now. */
  mine(blocks?: number): Promise<void>;
  /** Replaces the newest `depth` blocks with empty ones; their transactions are gone. */
  reorg(depth: number): Promise<void>;
  /** Ends the node and deletes its chain. */
  stop(): Promise<void>;
};

/**
 * A chain of the caller's own with every contract on it. Call `stop` in afterAll.
 * @param options.blockTimeSeconds blocks by the clock; without it, only when `mine` is called
 * @param options.chainId another than the embedded chain's: contracts stand at the same addresses there
 */
export async function startTestChain(
  options: { blockTimeSeconds?: number; chainId?: number } = {},
): Promise<TestChain> {
  const { runDirectory, chainStatePath, contracts } = sharedTestParts();
  const dataDirectory = join(runDirectory, `chain-${randomBytes(6).toString('hex')}`);
  const { rpcUrl, wsUrl, chainId, pid } = await startAnvil({
    dataDirectory,
    loadStatePath: chainStatePath,
    ...(options.chainId === undefined ? {} : { chainId: options.chainId }),
    ...(options.blockTimeSeconds === undefined
      ? { noMining: true }
      : { blockTimeSeconds: options.blockTimeSeconds }),
  });
  const client = createEmbeddedChainClient(rpcUrl, chainId);
  return {
    rpcUrl,
    wsUrl,
    chainId,
    pid,
    contracts,
    client,
    approvers: APPROVERS.map(testAccount),
    strangers: STRANGERS.map(testAccount),
    relayer: testAccount(RELAYER),
    mine: (blocks = 1) => client.mine({ blocks }),
    reorg: async (depth) => {
      await client.request<ReorgMethod>({ method: 'anvil_reorg', params: [depth, []] });
    },
    stop: () => removeAnvil(dataDirectory),
  };
}

type ReorgMethod = { Method: 'anvil_reorg'; Parameters: [depth: number, transactions: []]; ReturnType: null };

function testAccount(index: number): TestAccount {
  return { address: developmentAccount(index).address, privateKey: developmentPrivateKey(index) };
}
