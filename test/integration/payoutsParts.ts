import { pino } from 'pino';
import { Registry } from 'prom-client';
import { getAddress, type Hex, keccak256, stringToBytes } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { required } from '../../core/errors.ts';
import { createPostgresHints } from '../../events/postgresHints.ts';
import { createDatabase, createPool, type Database } from '../../prisma/database.ts';
import type { ChainConfig } from '../../server/chainConfig.ts';
import { EMBEDDED_CHAIN_ID } from '../../server/embedded/anvil.ts';
import { readEnvironment } from '../../server/env.ts';
import { createHealth } from '../../server/health.ts';
import { loadChains } from '../../server/loadChains.ts';
import { createNodePools } from '../../server/nodePools.ts';
import type { RoleDependencies, RunningRole } from '../../server/roles/role.ts';
import type { TestChain } from '../kit/chain.ts';
import type { TestDatabase } from '../kit/postgres.ts';

// How the kit configures the system: what a process reads from its environment, and what roles share.

export const CONFIRMED_DEPTH = 2;
export const FINAL_DEPTH = 5;
const MAX_CONNECTIONS = 10;
/** Of nobody: not one of the accounts that development nodes fund. */
const OWN_RELAYER_KEY: Hex = keccak256(stringToBytes('the relayer of tests on several chains'));
export const OWN_RELAYER = privateKeyToAccount(OWN_RELAYER_KEY);

export function relayerKeyOf(chains: readonly TestChain[]): Hex {
  const [first, ...others] = chains;
  return first === undefined || others.length > 0 ? OWN_RELAYER_KEY : first.relayer.privateKey;
}

export function chainConfig(chain: TestChain): ChainConfig {
  return {
    caip2: `eip155:${chain.chainId}`,
    name: chain.chainId === EMBEDDED_CHAIN_ID ? 'Embedded' : `Chain ${chain.chainId}`,
    nodes: [{ rpcUrl: chain.rpcUrl, wsUrl: chain.wsUrl }],
    confirmedDepth: CONFIRMED_DEPTH,
    finalDepth: FINAL_DEPTH,
    factory: getAddress(required(chain.contracts.PayoutVaultFactory, 'The factory')),
    implementation: getAddress(required(chain.contracts.PayoutVault, 'The implementation')),
    assets: [getAddress(required(chain.contracts.DevelopmentUSDC, 'The token'))],
  };
}

export function variables(
  testDatabase: TestDatabase,
  chains: readonly TestChain[],
  configs: readonly ChainConfig[],
) {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: testDatabase.appUrl,
    CHAINS: JSON.stringify(configs),
    RELAYER_PRIVATE_KEY: relayerKeyOf(chains),
  };
}

export type SharedParts = { dependencies: RoleDependencies; database: Database };

export async function sharedParts(
  chains: readonly TestChain[],
  testDatabase: TestDatabase,
  configs: readonly ChainConfig[],
): Promise<SharedParts> {
  const pool = createPool(testDatabase.appUrl, { maxConnections: MAX_CONNECTIONS });
  const database = createDatabase(pool);
  const hints = createPostgresHints({ database, listenUrl: testDatabase.appUrl, onError: () => {} });
  return {
    database,
    dependencies: {
      environment: readEnvironment(variables(testDatabase, chains, configs)),
      log: { database, hints },
      pool,
      logger: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
      chains: await loadChains(database, configs),
      health: createHealth(),
      nodePools: createNodePools(pino({ level: 'silent' }), new Registry()),
      registry: new Registry(),
    },
  };
}

export async function stopShared(
  indexer: RunningRole | null,
  { dependencies, database }: SharedParts,
): Promise<void> {
  await indexer?.close();
  dependencies.nodePools.close();
  await dependencies.log.hints.close();
  await database.destroy();
}
