import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../prisma/migrate.ts';
import { startAnvil } from '../../server/embedded/anvil.ts';
import { type ContractAddresses, deployContracts } from '../../server/embedded/contracts.ts';
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../server/embedded/postgres.ts';
import { APP_ROLE } from '../../server/embedded/postgresRoles.ts';
import { beginTestRun, endProcessesOf, postgresDirectory, sweepDeadTestRuns } from './testRun.ts';

const TEMPLATE = 'template_migrated';

/** What the tests of one run share: a server to make databases on, and a chain's beginning. */
export type SharedTestParts = {
  runDirectory: string;
  superuserUrl: string;
  ownerUrl: string;
  appUrl: string;
  template: string;
  chainStatePath: string;
  contracts: ContractAddresses;
};

declare module 'vitest' {
  interface ProvidedContext {
    shared: SharedTestParts;
  }
}

/** Once a run: one PostgreSQL with a migrated template, one chain state with all contracts. Fails on leaked processes. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepDeadTestRuns();
  const runDirectory = beginTestRun();
  try {
    project.provide('shared', await prepare(runDirectory));
  } catch (error) {
    await endTestRun(runDirectory);
    throw error;
  }
  return async () => {
    const leaked = await endTestRun(runDirectory);
    if (leaked.length > 0) {
      process.exitCode = 1;
      throw new Error(`Tests left processes running; they have been ended:\n${leaked.join('\n')}`);
    }
  };
}

async function prepare(runDirectory: string): Promise<SharedTestParts> {
  const [postgres, chain] = await Promise.all([
    startPostgres({ dataDirectory: postgresDirectory(runDirectory), durable: false }),
    prepareChain(join(runDirectory, 'chain-template')),
  ]);
  await prepareTemplate(postgres);
  return {
    runDirectory,
    superuserUrl: postgres.superuserUrl('postgres'),
    ownerUrl: postgres.ownerUrl('postgres'),
    appUrl: postgres.appUrl('postgres'),
    template: TEMPLATE,
    ...chain,
  };
}

/** @returns the command lines of processes that tests left */
async function endTestRun(runDirectory: string): Promise<string[]> {
  await removePostgres(postgresDirectory(runDirectory));
  const leaked = await endProcessesOf(runDirectory);
  rmSync(runDirectory, { recursive: true, force: true });
  return leaked;
}

async function prepareTemplate(postgres: EmbeddedPostgres): Promise<void> {
  await postgres.createDatabase(TEMPLATE);
  await migrate(postgres.ownerUrl(TEMPLATE), APP_ROLE);
  const client = new pg.Client({ connectionString: postgres.superuserUrl('postgres') });
  await client.connect();
  // A session on the template would make cloning it fail.
  await client.query(`alter database ${TEMPLATE} allow_connections false`);
  await client.query('select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1', [
    TEMPLATE,
  ]);
  await client.end();
}

async function prepareChain(dataDirectory: string) {
  const anvil = await startAnvil({ dataDirectory, noMining: true, keepState: true });
  const contracts = await deployContracts(anvil.rpcUrl);
  await anvil.stop();
  return { chainStatePath: join(dataDirectory, 'state.json'), contracts };
}
