import { join } from 'node:path';
import { createDatabase as connect, createPool } from '../../prisma/database.ts';
import { migrate } from '../../prisma/migrate.ts';
import type { ChainConfig } from '../../server/chainConfig.ts';
import { type EmbeddedAnvil, startAnvil } from '../../server/embedded/anvil.ts';
import { type ContractAddresses, deployContracts } from '../../server/embedded/contracts.ts';
import { type EmbeddedPostgres, startPostgres, stopPostgres } from '../../server/embedded/postgres.ts';
import { APP_ROLE } from '../../server/embedded/postgresRoles.ts';
import { registerChains } from '../../server/registerChains.ts';
import { executeAsSuperuser } from './executeAsSuperuser.ts';

export const CONFIRMED_DEPTH = 2;
export const FINAL_DEPTH = 5;
/** A migrated database that knows the chain. */
export const TEMPLATE = 'template_simulated';

/** What every slot begins with. */
export type PreparedSlots = {
  /** The data directory of a PostgreSQL that has been stopped. */
  readonly postgres: string;
  /** Of a chain that has all contracts and nothing else. */
  readonly chainState: string;
  readonly contracts: ContractAddresses;
};

/** Makes it once: each slot has a copy. @param directory whoever names it deletes it, and the PostgreSQL below */
export async function prepareSlots(directory: string): Promise<PreparedSlots> {
  const [dataDirectory, chainDirectory] = [join(directory, 'postgres'), join(directory, 'chain')];
  const [postgres, { anvil, contracts }] = await Promise.all([
    startMigrated(dataDirectory),
    startWithContracts(chainDirectory),
  ]);
  const database = connect(createPool(postgres.appUrl(TEMPLATE)));
  try {
    await registerChains(database, [chainConfig(contracts, [{ rpcUrl: anvil.rpcUrl }])]);
  } finally {
    await database.destroy();
    await Promise.all([anvil.stop(), stopPostgres(dataDirectory)]);
  }
  return { postgres: dataDirectory, chainState: join(chainDirectory, 'state.json'), contracts };
}

/** The chain as every process of the system is told of it. */
export function chainConfig(contracts: ContractAddresses, nodes: ChainConfig['nodes']): ChainConfig {
  return {
    caip2: 'eip155:31337',
    name: 'Simulated',
    nodes,
    confirmedDepth: CONFIRMED_DEPTH,
    finalDepth: FINAL_DEPTH,
    factory: contracts.PayoutVaultFactory,
    implementation: contracts.PayoutVault,
    assets: [contracts.DevelopmentUSDC],
  };
}

async function startMigrated(dataDirectory: string): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dataDirectory });
  // What PostgreSQL has told as committed survives its SIGKILL, as in production; a power cut is not simulated.
  await executeAsSuperuser(
    postgres,
    'alter system set fsync = off',
    'alter system set full_page_writes = off',
    'select pg_reload_conf()',
  );
  // A seed opens forty connections, and a password of 4,096 rounds takes who connects three milliseconds.
  await executeAsSuperuser(
    postgres,
    'set scram_iterations = 1',
    ...[postgres.ownerUrl(TEMPLATE), postgres.appUrl(TEMPLATE)].map((url) => {
      const { username, password } = new URL(url);
      return `alter role ${username} password '${password}'`;
    }),
  );
  await postgres.createDatabase(TEMPLATE);
  await migrate(postgres.ownerUrl(TEMPLATE), APP_ROLE);
  return postgres;
}

async function startWithContracts(
  dataDirectory: string,
): Promise<{ anvil: EmbeddedAnvil; contracts: ContractAddresses }> {
  const anvil = await startAnvil({ dataDirectory, noMining: true, keepState: true });
  return { anvil, contracts: await deployContracts(anvil.rpcUrl) };
}
