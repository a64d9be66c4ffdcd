import type { Failpoint, Hook, Match, Phase } from './failpoints.ts';

/** One statement of one client process: what it sent up to a Sync, or as a simple query. */
export type Statement = {
  /** As it was sent: `begin`, `commit`, `select …`. A prepared statement's text is remembered. */
  readonly sql: string;
  /** 1 for the first statement of the process, over all of its connections. */
  readonly number: number;
  /** Which of the process's connections, from 1. */
  readonly connection: number;
  /** Whether the connection was inside a transaction when the statement arrived. */
  readonly inTransaction: boolean;
};

/** A way of one client process to a real PostgreSQL, which sees every statement and can disturb it. */
export type PostgresProxy = {
  readonly port: number;
  /** A database's URL, by this way: same role, password and database. */
  urlOf(databaseUrl: string): string;
  /**
   * Calls `hook` once, at the nth statement from now on whose text matches. With RAN the whole answer is held, up to
   * ReadyForQuery (of a COPY from the client: what follows its data).
   */
  onStatement(match: Match, nth: number, phase: Phase, hook: Hook<Statement>): Failpoint<Statement>;
  /** How many statements were seen. */
  statementCount(): number;
  /** How often each statement was seen, by its text with white space collapsed and cut at 200 characters. */
  statementCounts(): ReadonlyMap<string, number>;
  /** Breaks every connection; new ones are taken. @returns how many were broken */
  cut(): number;
  /** Every statement from now on waits so long before it is passed on; 0: none does. */
  delay(ms: number): void;
  /** Breaks every connection and refuses new ones, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Starts a proxy for one client process, without TLS.
 * @param databaseUrl names the server's host and port
 * @param options.onStatement told of each statement as it arrives, before any failpoint
 */
export type StartPostgresProxy = (
  databaseUrl: string,
  options?: { onStatement?: (statement: Statement) => void },
) => Promise<PostgresProxy>;

export const startPostgresProxy: StartPostgresProxy = () => {
  throw new Error('Not yet.');
};
