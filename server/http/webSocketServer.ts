import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Database } from '../../prisma/database.ts';
import { readSession } from '../../resolvers/session/readSession.ts';
import { bearerToken } from '../auth/bearerToken.ts';
import type { OriginPolicy } from '../auth/originPolicy.ts';
import type { SessionCookie } from '../auth/sessionCookie.ts';
import { clientAddress } from './clientAddress.ts';
import type { TransportContext } from './contextFactory.ts';
import { GRAPHQL_PATH, type GraphqlServer } from './graphqlServer.ts';
import type { ApiMetrics } from './metrics.ts';
import { documentLengthError, limitError } from './operationLimits.ts';
import type { PersistedOperations } from './persistedOperations.ts';

const MAX_MESSAGE_BYTES = 256 * 1024;
export const MAX_WEBSOCKETS_PER_PROCESS = 10_000;
export const MAX_OPERATIONS_PER_WEBSOCKET = 200;
/** One client's, so that nobody alone uses up the process's: many people may share an address. */
export const MAX_WEBSOCKETS_PER_CLIENT_ADDRESS = 500;
/** Enough to be told why; who stays longer only takes a place. */
const MAX_SECONDS_WITHOUT_SESSION = 5;
const INIT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_INTERVAL_MS = 12_000;

export type WebSocketOptions = {
  server: Server;
  graphql: GraphqlServer;
  operations: PersistedOperations;
  database: Database;
  origins: OriginPolicy;
  cookie: SessionCookie;
  metrics: ApiMetrics;
};

type Executed = Pick<ReturnType<GraphqlServer['getEnveloped']>, 'execute' | 'subscribe'>;

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the path of GraphQL over HTTP. Who asks: `authorization` or `token` of
 * the connection's parameters, or the session cookie of the page that opened it. The session is read again for each
 * operation, and by subscriptions before each message. A connection without a session is told UNAUTHENTICATED by
 * its operations, and closed with 4403 (Forbidden) after MAX_SECONDS_WITHOUT_SESSION.
 * @returns closes all connections
 */
export function attachWebSocketServer(options: WebSocketOptions): { close(): Promise<void> } {
  const { server, graphql, operations, database, origins, cookie, metrics } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const open = new WeakMap<object, Set<string>>();
  const countOf = new Map<string | null, number>();

  async function operation(
    request: IncomingMessage,
    parameters: Readonly<Record<string, unknown>> | undefined,
  ): Promise<TransportContext> {
    const token = tokenOf(parameters) ?? cookie.read(request);
    return {
      requestId: randomUUID(),
      viewer: token === null ? null : await readSession(database, token),
      pageOrigin: origins.pageOrigin(request.headers.origin),
      clientAddress: clientAddress(request),
      response: null,
    };
  }

  const disposable = useServer(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: async (connection) => {
        const { viewer } = await operation(connection.extra.request, connection.connectionParams);
        if (viewer === null) closeSoon(connection.extra.socket);
        open.set(connection.extra.socket, new Set());
        metrics.webSocketOpened();
        connection.extra.socket.once('close', () => metrics.webSocketClosed());
      },
      onSubscribe: async (connection, id, params) => {
        const under = open.get(connection.extra.socket) ?? new Set();
        if (under.size >= MAX_OPERATIONS_PER_WEBSOCKET) {
          const message = `A connection runs at most ${MAX_OPERATIONS_PER_WEBSOCKET} operations at once.`;
          return [limitError('MAX_OPERATIONS_PER_WEBSOCKET', message)];
        }
        under.add(id);
        const query = operations.documentOf(params) ?? '';
        if (query instanceof GraphQLError) return [query];
        const tooLong = documentLengthError(query);
        if (tooLong !== null) return [tooLong];
        const transport = await operation(connection.extra.request, connection.connectionParams);
        const { schema, execute, subscribe, contextFactory, parse, validate } =
          graphql.getEnveloped(transport);
        try {
          const document = parse(query);
          const errors = validate(schema, document);
          if (errors.length > 0) return errors;
          const args: ExecutionArgs = {
            schema,
            document,
            operationName: params.operationName,
            variableValues: params.variables,
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe } satisfies Executed,
          };
          return args;
        } catch (error) {
          if (error instanceof GraphQLError) return [error];
          throw error;
        }
      },
      onComplete: (connection, id) => {
        open.get(connection.extra.socket)?.delete(id);
      },
      onError: (connection, id) => {
        open.get(connection.extra.socket)?.delete(id);
      },
      execute: (args) => (args.rootValue as Executed).execute(args),
      subscribe: (args) => (args.rootValue as Executed).subscribe(args),
    },
    sockets,
    KEEP_ALIVE_INTERVAL_MS,
  );

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refuseUpgrade(request);
    if (refusal !== null) {
      // Who is refused may be gone already: that is nobody's error.
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const address = clientAddress(request);
    countOf.set(address, (countOf.get(address) ?? 0) + 1);
    socket.once('close', () => {
      const left = (countOf.get(address) ?? 1) - 1;
      if (left === 0) countOf.delete(address);
      else countOf.set(address, left);
    });
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.emit('connection', webSocket, request),
    );
  });

  function refuseUpgrade(request: IncomingMessage): string | null {
    const [path] = (request.url ?? '').split('?');
    if (path !== GRAPHQL_PATH) return '404 Not Found';
    if (!origins.isAllowed(request.headers.origin)) return '403 Forbidden';
    if (sockets.clients.size >= MAX_WEBSOCKETS_PER_PROCESS) return '503 Service Unavailable';
    const own = countOf.get(clientAddress(request)) ?? 0;
    if (own >= MAX_WEBSOCKETS_PER_CLIENT_ADDRESS) return '429 Too Many Requests';
    return null;
  }

  return {
    close: async () => {
      await disposable.dispose();
    },
  };
}

function tokenOf(parameters: Readonly<Record<string, unknown>> | undefined): string | null {
  const authorization = bearerToken(parameters?.authorization ?? parameters?.Authorization);
  if (authorization !== null) return authorization;
  return typeof parameters?.token === 'string' ? parameters.token : null;
}

function closeSoon(socket: WebSocket): void {
  const timer = setTimeout(
    () => socket.close(CloseCode.Forbidden, 'Sign in first'),
    MAX_SECONDS_WITHOUT_SESSION * 1_000,
  );
  socket.once('close', () => clearTimeout(timer));
}
