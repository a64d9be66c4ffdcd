import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainConfig } from '../../server/chainConfig.ts';
import { removeAnvil, startAnvil } from '../../server/embedded/anvil.ts';
import type { ContractAddresses } from '../../server/embedded/contracts.ts';
import { createDatabase } from '../../server/embedded/createDatabase.ts';
import { waitForExit } from '../../server/embedded/detachedProcess.ts';
import { removePostgres, startPostgres } from '../../server/embedded/postgres.ts';
import { postgresLocation } from '../../server/embedded/postgresLocation.ts';
import { executeAsSuperuser } from './executeAsSuperuser.ts';
import { chainConfig, type PreparedSlots, TEMPLATE } from './prepareSlots.ts';

/** More than a run has blocks: the audit reads balances of its beginning. */
const MAX_BLOCKS_OF_A_RUN = 2_000;
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

export async function openSlot(directory: string, prepared: PreparedSlots): Promise<Slot> {
  const dataDirectory = join(directory, 'postgres');
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  copyPostgres(prepared.postgres, dataDirectory);
  let postgres = await startPostgres({ dataDirectory });
  const { contracts } = prepared;
  return {
    directory,
    contracts,
    startChain: async (name) => {
      const chainDirectory = join(directory, `chain-${name}`);
      const anvil = await startAnvil({
        dataDirectory: chainDirectory,
        noMining: true,
        keptStates: MAX_BLOCKS_OF_A_RUN,
        loadStatePath: prepared.chainState,
      });
      return { ...anvil, stop: () => removeAnvil(chainDirectory) };
    },
    createDatabase: async (name) => {
      await createDatabase(postgres.superuserUrl('postgres'), name, TEMPLATE);
      return {
        appUrl: postgres.appUrl(name),
        ownerUrl: postgres.ownerUrl(name),
        drop: () => executeAsSuperuser(postgres, `drop database if exists ${name} with (force)`),
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
    chainConfig: (nodes) => chainConfig(contracts, nodes),
    close: () => removePostgres(dataDirectory),
  };
}

/** With owners and rights; a tenth of what it takes to make one. @param to made, and empty */
function copyPostgres(from: string, to: string): void {
  const [source, target] = [postgresLocation(from).directory, postgresLocation(to).directory];
  for (const [one, other] of [
    [from, to],
    [source, target],
  ] as const) {
    execFileSync('cp', ['-a', `${one}/.`, other]);
  }
}
