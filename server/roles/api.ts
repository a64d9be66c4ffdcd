import { createServer } from 'node:http';
import { join } from 'node:path';
import { createWatchService } from '../../resolvers/watch/watchService.ts';
import { createOriginPolicy } from '../auth/originPolicy.ts';
import { createSessionCookie } from '../auth/sessionCookie.ts';
import { createClientFiles } from '../http/clientFiles.ts';
import { createContextFactory } from '../http/contextFactory.ts';
import { createGraphqlServer } from '../http/graphqlServer.ts';
import { listen } from '../http/listen.ts';
import { createApiMetrics } from '../http/metrics.ts';
import { loadPersistedOperations } from '../http/persistedOperations.ts';
import { createRequestHandler, MAX_REQUEST_BODY_BYTES } from '../http/requestHandler.ts';
import { createUploadServer } from '../http/uploadServer.ts';
import { attachWebSocketServer } from '../http/webSocketServer.ts';
import type { RoleDependencies, RunningRole } from './role.ts';

/** A client that takes longer to send a whole request is let go. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** What is under way at close may take so long to end by itself. */
const CLOSE_GRACE_MS = 3_000;

/** Serves the public API: GraphQL over HTTP, SSE and WebSocket, manifests and health; and the client's files. */
export async function startApi(dependencies: Omit<RoleDependencies, 'nodePools'>): Promise<RunningRole> {
  const { environment, health, log } = dependencies;
  const { clientDirectory, persistedOnly, publicOrigin, mode } = environment;
  const logger = dependencies.logger.child({ part: 'api' });
  const watch = createWatchService(log, (error) => logger.warn({ err: error }, 'a look at the log failed'));
  const metrics = createApiMetrics(dependencies.registry, () => watch.slots.openCount());
  const cookie = createSessionCookie(publicOrigin);
  const origins = createOriginPolicy(publicOrigin, environment.allowedOrigins);
  const createContext = createContextFactory({ log, watch, publicOrigin, cookie });
  const operations = loadPersistedOperations({
    clientManifest: join(clientDirectory, 'generated', 'persistedDocuments.json'),
    directory: environment.persistedOperationsDirectory,
    isOnly: persistedOnly,
  });
  logger.info({ operations: operations.count, persistedOnly }, 'persisted operations');
  const clientFiles = createClientFiles({
    directory: join(clientDirectory, 'dist'),
    publicOrigin,
    isRebuilt: mode === 'development',
    logger,
  });
  const graphql = createGraphqlServer({
    createContext,
    origins,
    logger,
    metrics,
    operations,
    // It sends texts.
    showGraphiql: mode === 'development' && !persistedOnly,
    maxBodyBytes: MAX_REQUEST_BODY_BYTES,
  });
  const shared = { graphql, operations, createContext, cookie, origins, metrics, database: log.database };
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    createRequestHandler({
      ...shared,
      clientFiles,
      uploads: createUploadServer({ origins, metrics, logger }),
      health,
      logger,
    }),
  );
  const webSockets = attachWebSocketServer({ ...shared, server });
  await listen(server, environment.port, environment.host);
  return {
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await webSockets.close();
      server.closeIdleConnections();
      const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
      await closed;
      clearTimeout(grace);
      await graphql.dispose();
    },
  };
}
