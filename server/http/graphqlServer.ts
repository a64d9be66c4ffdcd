import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga } from 'graphql-yoga';
import { schema } from '../../schema/schema.ts';
import type { SchemaContext } from '../../schema/schemaContext.ts';
import type { OriginPolicy } from '../auth/originPolicy.ts';
import { PREFLIGHT_HEADER } from '../auth/preflight.ts';
import type { Logger } from '../logger.ts';
import type { ContextFactory, TransportContext } from './contextFactory.ts';
import { GRAPHIQL_OPTIONS } from './graphiql.ts';
import type { ApiMetrics } from './metrics.ts';
import { operationPlugin } from './operationPlugin.ts';
import { type PersistedOperations, persistedOperationsPlugin } from './persistedOperations.ts';
import { publicError } from './publicError.ts';

export const GRAPHQL_PATH = '/graphql';
const CORS_MAX_AGE_SECONDS = 600;

export type GraphqlServer = ReturnType<typeof createGraphqlServer>;

/** GraphQL over HTTP and SSE as a Node request handler; the WebSocket server runs its operations through it too. */
export function createGraphqlServer(options: {
  createContext: ContextFactory;
  origins: OriginPolicy;
  showGraphiql: boolean;
  operations: PersistedOperations;
  maxBodyBytes: number;
  logger: Logger;
  metrics: ApiMetrics;
}) {
  const { createContext, origins, logger } = options;
  return createYoga<TransportContext, SchemaContext>({
    schema,
    graphqlEndpoint: GRAPHQL_PATH,
    context: (transport) => createContext(transport),
    graphiql: options.showGraphiql ? GRAPHIQL_OPTIONS : false,
    // The page in one piece; yoga's own would load its parts from elsewhere.
    renderGraphiQL,
    landingPage: false,
    batching: false,
    extraParamNames: ['documentId'],
    maxRequestBodySize: options.maxBodyBytes,
    cors: {
      origin: [...origins.allowed],
      credentials: true,
      methods: ['GET', 'POST'],
      allowedHeaders: ['content-type', 'authorization', PREFLIGHT_HEADER],
      exposedHeaders: ['x-request-id'],
      maxAge: CORS_MAX_AGE_SECONDS,
    },
    // The plugin has shown what operations end with; this is for what fails around them.
    maskedErrors: { maskError: (error) => publicError(error, null, logger) },
    logging: {
      debug: () => {},
      info: () => {},
      warn: (...parts: unknown[]) => logger.warn({ parts }, 'graphql server'),
      // Errors are logged by publicError, with the request's id.
      error: () => {},
    },
    plugins: [persistedOperationsPlugin(options.operations), operationPlugin(options)],
  });
}
