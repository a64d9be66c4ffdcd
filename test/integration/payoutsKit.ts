import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type Address, createPublicClient, erc20Abi, type Hex, http, parseEther } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { required } from '../../core/errors.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { createEngineMetrics } from '../../payouts/engineMetrics.ts';
import { DEFAULT_FEE_POLICY } from '../../payouts/fees/feePolicy.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import { openBatch } from '../../payouts/openBatch.ts';
import { PausesTold } from '../../payouts/pausesTold.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import type { Database } from '../../prisma/database.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import type { ChainConfig } from '../../server/chainConfig.ts';
import { EMBEDDED_CHAIN_ID } from '../../server/embedded/anvil.ts';
import { registerChains } from '../../server/registerChains.ts';
import { startIndexer } from '../../server/roles/indexer.ts';
import type { RoleName } from '../../server/roles/role.ts';
import { startTestChain, type TestChain } from '../kit/chain.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { eventually } from './payoutsEventually.ts';
import {
  CONFIRMED_DEPTH,
  chainConfig,
  FINAL_DEPTH,
  OWN_RELAYER,
  relayerKeyOf,
  type SharedParts,
  sharedParts,
  stopShared,
  variables,
} from './payoutsParts.ts';
import { type RoleProcess, startRoleProcess } from './payoutsProcess.ts';
import {
  type Account,
  type Approver,
  contextOf,
  grant,
  openAccounts,
  type Payee,
  type People,
  type SubmitOptions,
  seedPeople,
  submitBatch,
} from './payoutsSeed.ts';

export { CONFIRMED_DEPTH, FINAL_DEPTH };

const RELAYER_WEI = parseEther('10000');

/** A chain, a database, an organization of three approvers, and an indexer that follows; the test drives the engine. */
export type PayoutsKit = {
  chain: TestChain;
  database: Database;
  testDatabase: TestDatabase;
  log: EventLog;
  token: Address;
  assetId: string;
  approvers: Approver[];
  /** An engine of this process. @param rpcUrl of another way to the node */
  engine(options?: EngineOptions): PayoutEngine;
  /** Another OS process with a role of the system; killed at the end of the test at the latest. */
  startProcess(role: RoleName, options?: ProcessOptions): Promise<RoleProcess>;
  /** An account of 2 of 3 that holds so much of the token. */
  openAccount(units: bigint): Promise<Account>;
  /** Several of them, in few blocks. */
  openAccounts(count: number, units: bigint): Promise<Account[]>;
  /** A submitted batch with so many signatures (2 approve it). */
  submitBatch(account: Account, payees: readonly Payee[], options?: SubmitOptions): Promise<string>;
  /** Sends a batch's open alone, without its chunks, and mines: it is opened as far as the indexer knows. */
  openBatch(batchId: string): Promise<void>;
  grant(batchId: string, approver: Approver): Promise<void>;
  context(approver: Approver): RequestContext;
  /** Mines so many blocks and waits until they are indexed. */
  mine(blocks?: number): Promise<void>;
  /** Waits until the indexer has what is the node's head now. */
  untilIndexed(): Promise<void>;
  batch(batchId: string): Promise<BatchState>;
  balanceOf(address: Address): Promise<bigint>;
  /** @throws when a payee does not hold exactly what it was to get */
  requirePaidOnce(payees: readonly Payee[]): Promise<void>;
  stop(): Promise<void>;
};

export type ProcessOptions = {
  rpcUrl?: string;
  /** Another way to the database. */
  databaseUrl?: string;
  logLevel?: string;
  relayerKeys?: readonly Hex[];
};

export type EngineOptions = { rpcUrl?: string; relayerKeys?: readonly Hex[] };

type BatchState = Awaited<ReturnType<typeof readBatch>>;

export type KitOptions = { blockTimeSeconds?: number; indexer?: boolean };

/** @param options.indexer false: nobody follows the chain until the test does */
export async function startPayoutsKit(options: KitOptions = {}): Promise<PayoutsKit> {
  const [kit] = await startPayoutsKits([EMBEDDED_CHAIN_ID], options);
  return required(kit, 'The kit of the chain');
}

/**
 * One database and organization on several chains, each with its kit: `engine` and `startProcess` of any of them work on
 * all chains, `stop` ends everything.
 */
export async function startPayoutsKits(
  chainIds: readonly number[],
  options: KitOptions = {},
): Promise<PayoutsKit[]> {
  const [testDatabase, ...chains] = await Promise.all([
    createTestDatabase(),
    ...chainIds.map((chainId) => startChain(chainId, options)),
  ]);
  const configs = chains.map(chainConfig);
  await registerChains(testDatabase.database, configs);
  const processes: RoleProcess[] = [];
  const shared = await sharedParts(chains, testDatabase, configs);
  const indexer = options.indexer === false ? null : await startIndexer(shared.dependencies);
  const people = await seedPeople(shared.dependencies.log, required(chains[0], 'A chain'));
  const startProcess: PayoutsKit['startProcess'] = async (role, process = {}) => {
    const { rpcUrl, logLevel = 'silent', relayerKeys = [relayerKeyOf(chains)] } = process;
    const disturbed = configs.map((config, index): ChainConfig => {
      const [{ wsUrl }] = config.nodes;
      return rpcUrl === undefined || index > 0 ? config : { ...config, nodes: [{ rpcUrl, wsUrl }] };
    });
    const started = await startRoleProcess(role, {
      ...variables(testDatabase, chains, disturbed),
      ...(process.databaseUrl === undefined ? {} : { DATABASE_URL: process.databaseUrl }),
      RELAYER_PRIVATE_KEY: relayerKeys.join(','),
      LOG_LEVEL: logLevel,
    });
    processes.push(started);
    return started;
  };
  const stop = async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await stopShared(indexer, shared);
    await Promise.all([...chains.map((chain) => chain.stop()), testDatabase.drop()]);
  };
  return Promise.all(
    chains.map((chain) => chainKit(chain, { chains, testDatabase, shared, people, startProcess, stop })),
  );
}

/** With a relayer of its own where it is not the embedded chain: a worker takes public keys nowhere else. */
async function startChain(chainId: number, options: KitOptions): Promise<TestChain> {
  const chain = await startTestChain({ ...options, chainId });
  await chain.client.setBalance({ address: OWN_RELAYER.address, value: RELAYER_WEI });
  return chain;
}

type Parts = Pick<PayoutsKit, 'startProcess' | 'stop' | 'testDatabase'> & {
  readonly chains: readonly TestChain[];
  readonly shared: SharedParts;
  readonly people: People;
};

async function chainKit(chain: TestChain, parts: Parts): Promise<PayoutsKit> {
  const { chains, testDatabase, shared, people, startProcess, stop } = parts;
  const { log } = shared.dependencies;
  const { database } = testDatabase;
  const token = required(chain.contracts.DevelopmentUSDC, 'The token');
  const { assetId, chainId } = await database
    .selectFrom('asset')
    .innerJoin('chain', 'chain.id', 'asset.chainId')
    .select(['asset.id as assetId', 'chain.id as chainId'])
    .where('asset.address', '=', token)
    .where('chain.eip155ChainId', '=', BigInt(chain.chainId))
    .executeTakeFirstOrThrow();
  const kit: PayoutsKit = {
    ...{ chain, database, testDatabase, log, token, assetId, startProcess, stop },
    approvers: people.approvers,
    engine: (options = {}) => createEngine(chains, log, options),
    openAccount: async (units) =>
      required((await openAccounts(kit, { ...people, chainId }, 1, units))[0], 'The account'),
    openAccounts: (count, units) => openAccounts(kit, { ...people, chainId }, count, units),
    submitBatch: (account, payees, submit) => submitBatch(kit, account, payees, submit),
    openBatch: async (batchId) => {
      const loaded = required(await loadBatch(database, batchId), 'The batch');
      const blocker = await openBatch(kit.engine(), loaded, null);
      await kit.mine();
      if (blocker) throw new Error(blocker.message);
      if ((await kit.batch(batchId)).status !== 'EXECUTING') throw new Error('The batch did not open.');
    },
    grant: (batchId, approver) => grant(kit, batchId, approver),
    context: ({ userId }) => contextOf(log, userId),
    mine: async (blocks = 1) => {
      await chain.mine(blocks);
      await kit.untilIndexed();
    },
    untilIndexed: () => untilIndexed(database, chain),
    batch: (batchId) => readBatch(database, batchId),
    balanceOf: (address) =>
      chain.client.readContract({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [address],
      }),
    requirePaidOnce: (payees) => requirePaidOnce(kit, payees),
  };
  return kit;
}

/** @param rpcUrl of another way to the node of the first chain */
function createEngine(
  chains: readonly TestChain[],
  log: EventLog,
  { rpcUrl, relayerKeys = [relayerKeyOf(chains)] }: EngineOptions,
): PayoutEngine {
  return {
    log,
    logger: pino({ level: 'silent' }),
    relayers: relayerKeys.map((key) => privateKeyToAccount(key)),
    chains: new Map(
      chains.map((chain, index) => {
        const client = createEvmClient({ rpcUrl: index === 0 ? (rpcUrl ?? chain.rpcUrl) : chain.rpcUrl });
        const fees = DEFAULT_FEE_POLICY;
        return [chain.chainId, { client, checked: client, fees, canBeAsked: () => true }];
      }),
    ),
    metrics: createEngineMetrics(new Registry()),
    pausesTold: new PausesTold(),
  };
}

function readBatch(database: Database, batchId: string) {
  return database.selectFrom('payoutBatch').selectAll().where('id', '=', batchId).executeTakeFirstOrThrow();
}

/** Until the node's head of now is indexed: where blocks come by the clock, there may be newer ones by then. */
async function untilIndexed(database: Database, chain: TestChain): Promise<void> {
  const head = await chain.client.getBlock({ blockTag: 'latest' });
  await eventually(async () => {
    const indexed = await database
      .selectFrom('block')
      .innerJoin('chain', 'chain.id', 'block.chainId')
      .select('block.hash')
      .where('chain.eip155ChainId', '=', BigInt(chain.chainId))
      .where('block.number', '=', head.number)
      .executeTakeFirst();
    if (indexed?.hash !== head.hash) throw new Error('The head is not indexed.');
  });
}

async function requirePaidOnce(kit: PayoutsKit, payees: readonly Payee[]): Promise<void> {
  // Hundreds of them: in few requests.
  const reader = createPublicClient({ transport: http(kit.chain.rpcUrl, { batch: true }) });
  const balances = await Promise.all(
    payees.map(({ recipient }) =>
      reader.readContract({
        address: kit.token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [recipient],
      }),
    ),
  );
  const wrong = payees.filter(({ units }, index) => balances[index] !== units);
  if (wrong.length > 0) throw new Error(`${wrong.length} payees do not hold what they were to get.`);
}
