import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createEmbeddedChainClient, type EmbeddedChainClient } from '../../server/embedded/contracts.ts';
import { developmentPrivateKey } from '../../server/embedded/developmentAccounts.ts';
import { freePort } from '../../server/embedded/freePort.ts';
import { type NodeProxy, type SentTransaction, startNodeProxy } from '../kit/nodeProxy.ts';
import { type PostgresProxy, startPostgresProxy } from '../kit/postgresProxy.ts';
import { RELAYERS } from './cast.ts';
import { NODE_COUNT, type Plan, ROLES, type Role } from './plan.ts';
import type { Slot } from './slot.ts';
import { type SupervisedProcess, superviseProcess } from './supervisedProcess.ts';
import { withPatience } from './withPatience.ts';

const DATABASE_TIMEOUT_MS = 180_000;

/** One process and all its ways to the others. */
export type Station = {
  readonly process: SupervisedProcess;
  readonly postgres: PostgresProxy;
  /** In the order in which the process is told of them. */
  readonly nodes: readonly NodeProxy[];
};

/** The whole system of one seed, and the ways past its proxies that whoever looks at it takes. */
export type World = {
  readonly plan: Plan;
  readonly slot: Slot;
  /** Where clients reach the API. */
  readonly api: string;
  readonly directory: string;
  readonly chain: EmbeddedChainClient;
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly stations: Readonly<Record<Role, Station>>;
  /** Transactions that reached a node before a database knew their bytes. */
  readonly unstored: readonly SentTransaction[];
  /** Asks the database, past every proxy; waits for it while it is down. */
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Everything that was noted, with its time, for whoever reads a failure. */
  note(line: string): void;
  /** Ends all of it. @param signal SIGTERM when the processes may write their compile caches */
  close(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
};

/** @param options.system the module that the processes run */
export async function openWorld(
  slot: Slot,
  plan: Plan,
  options: { system: string; compileCache: string },
): Promise<World> {
  const name = `seed_${plan.seed}_${Date.now().toString(36)}`;
  const directory = join(slot.directory, name);
  mkdirSync(directory);
  const [chain, database, port] = await Promise.all([
    slot.startChain(name),
    slot.createDatabase(name),
    freePort(),
  ]);
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 4 });
  pool.on('error', () => {});
  const unstored: SentTransaction[] = [];
  const startedAt = performance.now();
  const note = (line: string) =>
    appendFileSync(
      join(directory, 'notes.log'),
      `${(performance.now() - startedAt).toFixed(0)} ms ${line}\n`,
    );

  /** The proxy holds the transaction until this is over: what is stored later than it arrived is too late. */
  const checkStored = async (sent: SentTransaction): Promise<void> => {
    try {
      const { rowCount } = await pool.query(
        'select from chain_transaction where hash = $1 and raw_transaction is not null',
        [sent.hash],
      );
      if (rowCount === 0) unstored.push(sent);
    } catch {
      // PostgreSQL is down; at the end it must be there all the same.
    }
  };
  const openStation = async (role: Role): Promise<Station> => {
    const [postgres, ...nodes] = await Promise.all([
      startPostgresProxy(database.appUrl),
      ...Array.from({ length: NODE_COUNT }, (_, node) =>
        startNodeProxy(chain.rpcUrl, { process: role, node: String(node), onSend: checkStored }),
      ),
    ]);
    for (const [index, node] of nodes.entries()) node.setPlan(plan.nodeFaults[role][index] ?? null);
    const [first, ...others] = nodes.map(({ rpcUrl, wsUrl }) => ({ rpcUrl, wsUrl }));
    if (first === undefined) throw new Error('A chain has a node.');
    return {
      postgres,
      nodes,
      process: superviseProcess({
        module: options.system,
        args: ['--roles', role],
        environment: environmentOf(role, plan, {
          PORT: String(port),
          DATABASE_URL: postgres.urlOf(database.appUrl),
          CHAINS: JSON.stringify([slot.chainConfig([first, ...others])]),
          NODE_COMPILE_CACHE: options.compileCache,
        }),
        logPath: join(directory, `${role}.log`),
      }),
    };
  };
  const [worker, indexer, api] = await Promise.all(ROLES.map(openStation));
  if (worker === undefined || indexer === undefined || api === undefined)
    throw new Error('A role is missing.');
  const stations = { worker, indexer, api };
  return {
    ...{ plan, slot, directory, stations, unstored, note },
    api: `http://localhost:${port}`,
    chain: createEmbeddedChainClient(chain.rpcUrl),
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      withPatience(
        'the database',
        DATABASE_TIMEOUT_MS,
        async () => (await pool.query<Row>(text, values)).rows,
      ),
    close: async (signal) => {
      const all = Object.values(stations);
      await Promise.all(all.map(({ process }) => process.stop(signal)));
      await Promise.all(
        all.flatMap(({ postgres, nodes }) => [postgres.stop(), ...nodes.map((node) => node.stop())]),
      );
      await Promise.all([pool.end(), chain.stop()]);
      await database.drop();
    },
  };
}

function environmentOf(role: Role, plan: Plan, own: Record<string, string>): Record<string, string> {
  const relayers = RELAYERS.slice(0, plan.relayerCount).map(developmentPrivateKey);
  return {
    PATH: process.env.PATH ?? '',
    PROTOCOL_BANKS_TEST_RUN: process.env.PROTOCOL_BANKS_TEST_RUN ?? '',
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    ...own,
    ...(role === 'worker' ? { RELAYER_PRIVATE_KEY: relayers.join(',') } : {}),
  };
}
