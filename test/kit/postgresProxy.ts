import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { createFailpoints, type Failpoint, type Hook, type Match, type Phase } from './failpoints.ts';
import { PostgresConnection, type Statement } from './postgresConnection.ts';

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
  /** New connections are taken from now on, and never answered, not even after `unmute`. */
  mute(): void;
  unmute(): void;
  /** How many connections were never answered. */
  mutedCount(): number;
  /** Breaks every connection and refuses new ones, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  stop(): Promise<void>;
};

const HOST = '127.0.0.1';
const STATEMENT_NAME_CHARACTERS = 200;

/**
 * Starts a proxy for one client process, without TLS.
 * @param databaseUrl names the server's host and port
 * @param options.onStatement told of each statement as it arrives, before any failpoint
 */
export async function startPostgresProxy(
  databaseUrl: string,
  options: { onStatement?: (statement: Statement) => void } = {},
): Promise<PostgresProxy> {
  const target = new URL(databaseUrl);
  const failpoints = createFailpoints<Statement>();
  const connections = new Set<PostgresConnection>();
  const counts = new Map<string, number>();
  const muted = new Set<Socket>();
  let isMute = false;
  let [statementCount, connectionCount, mutedCount, delayMs] = [0, 0, 0, 0];
  const accept = (client: Socket): void => {
    if (isMute) {
      mutedCount += 1;
      muted.add(
        client
          .on('error', () => {})
          .on('close', () => muted.delete(client))
          .resume(),
      );
      return;
    }
    connectionCount += 1;
    const number = connectionCount;
    const connection = new PostgresConnection(client, connect(Number(target.port || 5432), target.hostname), {
      arrives: (sql, inTransaction) => {
        statementCount += 1;
        const statement = { sql, number: statementCount, connection: number, inTransaction };
        const name = statementName(sql);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        options.onStatement?.(statement);
        return { statement, met: failpoints.meet(sql) };
      },
      delayMs: () => delayMs,
    });
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  };
  const cut = (): number => {
    const count = connections.size;
    for (const connection of connections) connection.cut();
    for (const client of muted) client.destroy();
    return count;
  };
  let server = await listen(accept, 0);
  const { port } = server.address() as AddressInfo;
  const refuse = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    cut();
    await closed;
  };
  return {
    port,
    urlOf: (url) => {
      const changed = new URL(url);
      changed.host = `${HOST}:${port}`;
      return changed.href;
    },
    onStatement: failpoints.arm,
    statementCount: () => statementCount,
    statementCounts: () => counts,
    cut,
    delay: (ms) => {
      delayMs = ms;
    },
    mute: () => {
      isMute = true;
    },
    unmute: () => {
      isMute = false;
    },
    mutedCount: () => mutedCount,
    refuse,
    accept: async () => {
      server = await listen(accept, port);
    },
    stop: refuse,
  };
}

function statementName(sql: string): string {
  // A bulk insert's text is long; its begin tells which it is.
  return sql
    .slice(0, 2 * STATEMENT_NAME_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, STATEMENT_NAME_CHARACTERS);
}

async function listen(accept: (client: Socket) => void, port: number): Promise<Server> {
  const server = createServer({ noDelay: true }, accept);
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}
