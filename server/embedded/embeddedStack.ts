import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { privateKeyToAccount } from 'viem/accounts';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { createDatabase, createPool } from '../../prisma/database.ts';
import { migrate } from '../../prisma/migrate.ts';
import type { ChainConfig } from '../chainConfig.ts';
import type { Environment } from '../env.ts';
import { loadChains } from '../loadChains.ts';
import type { ParentMessage } from '../parentGate.ts';
import { registerChains } from '../registerChains.ts';
import { ROLE_NAMES, type RoleName } from '../roles/role.ts';
import { type EmbeddedAnvil, startAnvil, stopAnvil } from './anvil.ts';
import { type ContractAddresses, deployContracts } from './contracts.ts';
import { type Demonstration, prepareDemonstration } from './demonstration.ts';
import { waitForExit } from './detachedProcess.ts';
import { EmbeddedError } from './embeddedError.ts';
import { freePort, isPortFree } from './freePort.ts';
import { lostChain } from './lostChain.ts';
import { type EmbeddedPostgres, startPostgres, stopPostgres } from './postgres.ts';
import { APP_ROLE } from './postgresRoles.ts';
import { embeddedRelayerKeys } from './relayerKey.ts';
import { makeStackDirectory, type StackDirectory, stackDirectory } from './stackDirectory.ts';
import { readStackLock, releaseStackLock, takeStackLock } from './stackLock.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { waitForHealth } from './waitForHealth.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

const DATABASE = 'protocol_banks';
const BLOCK_TIME_SECONDS = 1;
const CONFIRMED_DEPTH_BLOCKS = 2;
const FINAL_DEPTH_BLOCKS = 5;
/** Where wallets look for a development chain; another port is taken when it is not free. */
const PREFERRED_RPC_PORT = 8_545;
/** The processes of a start that was killed end by themselves; this is how long that may take. */
const ORPHANS_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 100;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** What `.data/stack.json` says, once all is ready. */
export type StackFile = {
  api: string;
  postgres: string;
  evmRpc: string;
  chainId: number;
  contracts: ContractAddresses;
  demo: Demonstration;
  /** Where each process answers operators: `/health` and `/metrics`. */
  operations: OperationsUrls;
};

type OperationsUrls = Record<RoleName, string>;

export type EmbeddedStack = {
  directory: StackDirectory;
  /** Resolves when everything is ready, and `.data/stack.json` is written. @throws EmbeddedError with what to do */
  start(): Promise<StackFile>;
  /** Ends everything, cleanly; also a start that is under way. */
  stop(): Promise<void>;
};

/**
 * The whole system on one machine: PostgreSQL and the chain in process groups of their own (or adopted, when they run
 * already), then one process a role, then a demonstration organization.
 * @param notify told in sentences what happens
 */
export function createEmbeddedStack(
  environment: Environment,
  notify: (sentence: string) => void,
): EmbeddedStack {
  const directory = stackDirectory(environment.dataDirectory);
  const api = `http://localhost:${environment.port}`;
  let supervisor: Supervisor | null = null;
  let services: Promise<unknown> = Promise.resolve();
  let held = false;
  let stopping = false;
  return {
    directory,
    start: async () => {
      makeStackDirectory(directory);
      const orphaned = takeStackLock(directory.lock, api);
      held = true;
      rmSync(directory.stackFile, { force: true });
      await requirePort(environment, orphaned);
      const starting = startServices(directory);
      services = starting;
      const [postgres, anvil] = await starting;
      const contracts = await deployContracts(anvil.rpcUrl);
      const chains = [chainConfig(anvil, contracts)];
      await prepareDatabase(postgres, chains);
      if (stopping) throw new EmbeddedError('The start was called off.');
      supervisor = createSupervisor({ logDirectory: directory.logs, notify });
      const operations = await findOperationsPorts(environment.port);
      const environments = roleEnvironments(environment, directory, postgres, chains);
      await startRoles(supervisor, environments, operations);
      await waitForHealth(api, { exceptGate: true });
      const demo = await prepareDemonstration({
        api,
        anvil,
        contracts,
        relayers: embeddedRelayerKeys(directory.relayerKeys).map((key) => privateKeyToAccount(key).address),
        notePath: directory.demonstration,
      });
      for (const name of ROLE_NAMES) supervisor.tell(name, { stackReady: true } satisfies ParentMessage);
      await waitForHealth(api, { exceptGate: false });
      const stack: StackFile = {
        api,
        postgres: postgres.appUrl(DATABASE),
        evmRpc: anvil.rpcUrl,
        chainId: anvil.chainId,
        contracts,
        demo,
        operations: operationsUrls(operations),
      };
      writeFileAtomically(directory.stackFile, `${JSON.stringify(stack, null, 2)}\n`);
      return stack;
    },
    stop: async () => {
      // Whoever does not hold the data directory has started nothing in it.
      if (!held) return;
      stopping = true;
      // Started half-way, they would be missed below.
      await Promise.allSettled([services]);
      rmSync(directory.stackFile, { force: true });
      await supervisor?.stop();
      await stopServices(directory);
      releaseStackLock(directory.lock);
    },
  };
}

/** Ends the PostgreSQL and the chain of a data directory. @returns the names of those that ran */
async function stopServices(directory: StackDirectory): Promise<string[]> {
  const [chain, postgres] = await Promise.all([stopAnvil(directory.chain), stopPostgres(directory.postgres)]);
  return [...(chain ? ['the chain'] : []), ...(postgres ? ['PostgreSQL'] : [])];
}

/** Ends a stack from another process, and what a killed start left behind. @returns what ran, in words */
export async function stopStack(directory: StackDirectory): Promise<string[]> {
  const running = readStackLock(directory.lock);
  if (running !== null) {
    process.kill(running.pid, 'SIGTERM');
    await waitForExit(running.pid, STOP_TIMEOUT_MS);
  }
  return [...(running === null ? [] : [`the stack at ${running.api}`]), ...(await stopServices(directory))];
}

async function startServices(directory: StackDirectory): Promise<[EmbeddedPostgres, EmbeddedAnvil]> {
  const starting = [
    startPostgres({ dataDirectory: directory.postgres }),
    startAnvil({
      dataDirectory: directory.chain,
      port: PREFERRED_RPC_PORT,
      blockTimeSeconds: BLOCK_TIME_SECONDS,
      keepState: true,
    }),
  ] as const;
  // When one fails, the other is waited for all the same: it must not come up after the stop.
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

async function requirePort({ host, port }: Environment, orphaned: boolean): Promise<void> {
  const deadline = Date.now() + (orphaned ? ORPHANS_TIMEOUT_MS : 0);
  while (!(await isPortFree(port, host))) {
    if (Date.now() >= deadline) {
      throw new EmbeddedError(
        `Port ${port} of ${host} is taken by another program. End that program, or start on another port: PORT=${port + 1} npm start`,
      );
    }
    await delay(POLL_INTERVAL_MS);
  }
}

function chainConfig(anvil: EmbeddedAnvil, contracts: ContractAddresses): ChainConfig {
  return {
    caip2: `eip155:${anvil.chainId}`,
    name: 'Embedded chain',
    nodes: [{ rpcUrl: anvil.rpcUrl, wsUrl: anvil.wsUrl }],
    confirmedDepth: CONFIRMED_DEPTH_BLOCKS,
    finalDepth: FINAL_DEPTH_BLOCKS,
    factory: contracts.PayoutVaultFactory,
    implementation: contracts.PayoutVault,
    assets: [contracts.DevelopmentUSDC, contracts.DevelopmentToken18],
  };
}

async function prepareDatabase(postgres: EmbeddedPostgres, chains: readonly ChainConfig[]): Promise<void> {
  await postgres.createDatabase(DATABASE);
  await migrate(postgres.ownerUrl(DATABASE), APP_ROLE);
  const database = createDatabase(createPool(postgres.appUrl(DATABASE)));
  try {
    await registerChains(database, chains);
    for (const { id, config } of await loadChains(database, chains)) {
      const lost = await lostChain(database, id, createEvmClient(config.nodes[0]));
      if (lost !== null) throw new EmbeddedError(lost);
    }
  } finally {
    await database.destroy();
  }
}

type RoleEnvironment = Record<string, string>;

/** Each process gets what it needs and no more: the relayers' keys go to the worker, the owner's password to none. */
function roleEnvironments(
  environment: Environment,
  directory: StackDirectory,
  postgres: EmbeddedPostgres,
  chains: readonly ChainConfig[],
): Record<RoleName, RoleEnvironment> {
  const shared: RoleEnvironment = {
    NODE_ENV: environment.mode,
    LOG_LEVEL: environment.logLevel,
    HOST: environment.host,
    PORT: String(environment.port),
    PUBLIC_ORIGIN: environment.publicOrigin,
    DATABASE_URL: postgres.appUrl(DATABASE),
    CHAINS: JSON.stringify(chains),
    ...(environment.redisUrl === null ? {} : { REDIS_URL: environment.redisUrl.reveal() }),
  };
  return {
    api: shared,
    worker: { ...shared, RELAYER_PRIVATE_KEY: embeddedRelayerKeys(directory.relayerKeys).join(',') },
    indexer: shared,
  };
}

async function startRoles(
  supervisor: Supervisor,
  environments: Record<RoleName, RoleEnvironment>,
  operations: OperationsPorts,
): Promise<void> {
  await Promise.all(
    ROLE_NAMES.map((name) =>
      supervisor.start({
        name,
        module: MAIN,
        args: ['--roles', name, '--gated'],
        environment: { ...environments[name], OPERATIONS_PORT: String(operations[name]) },
      }),
    ),
  );
}

type OperationsPorts = Record<RoleName, number>;
const MAX_PORT = 65_535;

/** The ports after the API's, in the order of ROLE_NAMES, so that they are the same each time; others where those are taken. */
async function findOperationsPorts(apiPort: number): Promise<OperationsPorts> {
  const ports = await Promise.all(
    ROLE_NAMES.map(async (name, index) => {
      const preferred = apiPort + 1 + index;
      const isFree = preferred <= MAX_PORT && (await isPortFree(preferred));
      return [name, isFree ? preferred : await freePort()] as const;
    }),
  );
  return Object.fromEntries(ports) as OperationsPorts;
}

function operationsUrls(ports: OperationsPorts): OperationsUrls {
  const urls = ROLE_NAMES.map((name) => [name, `http://127.0.0.1:${ports[name]}`] as const);
  return Object.fromEntries(urls) as OperationsUrls;
}
