import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase as connect, createPool } from '../../prisma/database.ts';
import { migrate } from '../../prisma/migrate.ts';
import type { ChainConfig } from '../../server/chainConfig.ts';
import { removeAnvil, startAnvil } from '../../server/embedded/anvil.ts';
import type { ContractAddresses } from '../../server/embedded/contracts.ts';
import { createDatabase } from '../../server/embedded/createDatabase.ts';
import { waitForExit } from '../../server/embedded/detachedProcess.ts';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../server/embedded/postgres.ts';
import { postgresLocation } from '../../server/embedded/postgresLocation.ts';
import { APP_ROLE } from '../../server/embedded/postgresRoles.ts';
import { registerChains } from '../../server/registerChains.ts';

export const CONFIRMED_DEPTH = 2;
export const FINAL_DEPTH = 5;
/** More than a run has blocks: the audit reads balances of its beginning. */
const MAX_BLOCKS_OF_A_RUN = 2_000;
const TEMPLATE = 'template_simulated';
const EXIT_TIMEOUT_MS = 30_000;

/** A PostgreSQL of its own and the beginning of a chain, for one seed after another. */
export type Slot = {
  readonly directory: string;
  readonly contracts: ContractAddresses;
  /** A node with all contracts on it, which mines when it is told to. */
  startChain(name: string): Promise<SlotChain>;
  /** A migrated database that knows the chain. */
  createDatabase(name: string): Promise<SlotDatabase>;
  /** SIGKILL to the database server. @returns its process id, once it is gone */
  killPostgres(): Promise<number>;
  /** On the same port, or it fails: whoever is connected by a URL finds it again. */
  restartPostgres(): Promise<void>;
  chainConfig(nodes: ChainConfig['nodes']): ChainConfig;
  close(): Promise<void>;
};
export type SlotChain = { rpcUrl: string; wsUrl: string; chainId: number; stop(): Promise<void> };
export type SlotDatabase = { appUrl: string; ownerUrl: string; drop(): Promise<void> };

/** @param chainState of a chain on which all contracts are deployed, and where */
export async function openSlot(
  directory: string,
  chainState: { path: string; contracts: ContractAddresses },
): Promise<Slot> {
  mkdirSync(directory, { recursive: true });
  const dataDirectory = join(directory, 'postgres');
  let postgres = await startPostgres({ dataDirectory });
  await forgetPowerCuts(postgres);
  const { contracts } = chainState;
  const slot: Slot = {
    directory,
    contracts,
    startChain: async (name) => {
      const chainDirectory = join(directory, `chain-${name}`);
      const anvil = await startAnvil({
        dataDirectory: chainDirectory,
        noMining: true,
        keptStates: MAX_BLOCKS_OF_A_RUN,
        loadStatePath: chainState.path,
      });
      return { ...anvil, stop: () => removeAnvil(chainDirectory) };
    },
    createDatabase: async (name) => {
      await createDatabase(postgres.superuserUrl('postgres'), name, TEMPLATE);
      return {
        appUrl: postgres.appUrl(name),
        ownerUrl: postgres.ownerUrl(name),
        drop: () => execute(postgres, `drop database if exists ${name} with (force)`),
      };
    },
    killPostgres: async () => {
      const { cluster } = postgresLocation(dataDirectory);
      const pid = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      if (!(await waitForExit(pid, EXIT_TIMEOUT_MS))) throw new Error('PostgreSQL outlives a SIGKILL.');
      return pid;
    },
    restartPostgres: async () => {
      const { port } = postgres;
      postgres = await startPostgres({ dataDirectory, port });
      if (postgres.port !== port) throw new Error(`PostgreSQL’s port ${port} was taken meanwhile.`);
    },
    chainConfig: (nodes) => ({
      caip2: 'eip155:31337',
      name: 'Simulated',
      nodes,
      confirmedDepth: CONFIRMED_DEPTH,
      finalDepth: FINAL_DEPTH,
      factory: contracts.PayoutVaultFactory,
      implementation: contracts.PayoutVault,
      assets: [contracts.DevelopmentUSDC],
    }),
    close: () => removePostgres(dataDirectory),
  };
  await prepareTemplate(slot, postgres);
  return slot;
}

/** What PostgreSQL has told as committed survives its SIGKILL, as in production; a power cut is not simulated. */
function forgetPowerCuts(postgres: EmbeddedPostgres): Promise<void> {
  return execute(
    postgres,
    'alter system set fsync = off',
    'alter system set full_page_writes = off',
    'select pg_reload_conf()',
  );
}

async function prepareTemplate(slot: Slot, postgres: EmbeddedPostgres): Promise<void> {
  await postgres.createDatabase(TEMPLATE);
  await migrate(postgres.ownerUrl(TEMPLATE), APP_ROLE);
  const chain = await slot.startChain('template');
  const database = connect(createPool(postgres.appUrl(TEMPLATE)));
  try {
    await registerChains(database, [slot.chainConfig([{ rpcUrl: chain.rpcUrl }])]);
  } finally {
    await database.destroy();
    await chain.stop();
  }
  // A session on the template would make cloning it fail.
  await execute(
    postgres,
    `alter database ${TEMPLATE} allow_connections false`,
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${TEMPLATE}'`,
    'checkpoint',
  );
}

async function execute(postgres: EmbeddedPostgres, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl('postgres') });
  client.on('error', () => {});
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
