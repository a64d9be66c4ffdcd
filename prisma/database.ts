import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database as Tables } from './generated/database.ts';

/** Every table by its camelCase name; see prisma/schema.prisma. */
export type Database = Kysely<Tables>;
/** A database or a transaction on it: for reads that do not care. */
export type Queryable = Kysely<Tables> | Transaction<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

const MAX_CONNECTIONS = 20;
const CONNECT_TIMEOUT_MS = 5_000;
/** A query of this system that takes longer is a bug; the database ends it. */
const STATEMENT_TIMEOUT_MS = 60_000;

// numeric(78,0) and int8 are money, nonces and block numbers: exact integers, never floats.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.NUMERIC, BigInt);
types.setTypeParser(pg.types.builtins.INT8, BigInt);

/** A pool of connections whose integers arrive as bigint. @param url as the application's role, which owns nothing */
export function createPool(url: string, options: { maxConnections?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: options.maxConnections ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // An idle connection that breaks is dropped by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

/** Typed SQL over a pool. `destroy()` ends the pool too. */
export function createDatabase(pool: pg.Pool): Database {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
