import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database as Tables } from './generated/database.ts';

/** Every table by its camelCase name; see prisma/schema.prisma. */
export type Database = Kysely<Tables>;
/** A database or a transaction on it: for reads that do not care. */
export type Queryable = Kysely<Tables> | Transaction<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

const MAX_CONNECTIONS = 20;
/** A server that died may leave connections that were taken and are never answered; so may a network. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Of silence: then the system asks whether the other end is still there. */
const KEEP_ALIVE_AFTER_MS = 10_000;
/** A query of this system that takes longer is a bug; the database ends it. */
const STATEMENT_TIMEOUT_MS = 60_000;

// numeric(78,0) and int8 are money, nonces and block numbers: exact integers, never floats.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.NUMERIC, BigInt);
types.setTypeParser(pg.types.builtins.INT8, BigInt);

/** A pool of connections whose integers arrive as bigint. @param url as the application's role, which owns nothing */
export function createPool(url: string, options: { maxConnections?: number } = {}): pg.Pool {
  return openPool({ connectionString: url, types, max: options.maxConnections ?? MAX_CONNECTIONS });
}

/** As createPool, for a library that expects small integers as numbers. */
export function createPlainPool(url: string, options: { maxConnections: number }): pg.Pool {
  return openPool({ connectionString: url, max: options.maxConnections });
}

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
  // A connection that breaks is dropped by the pool, and whoever has it learns of it by its next statement; without
  // listeners, here for idle ones and there for those in use, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  return pool;
}

/** Typed SQL over a pool. `destroy()` ends the pool too. */
export function createDatabase(pool: pg.Pool): Database {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
