import type { ServerResponse } from 'node:http';
import type { EventLog } from '../../events/unitOfWork.ts';
import { createLoaders } from '../../resolvers/loaders.ts';
import type { Viewer } from '../../resolvers/requestContext.ts';
import type { WatchService } from '../../resolvers/watch/watchService.ts';
import type { SchemaContext } from '../../schema/schemaContext.ts';
import type { SessionCookie } from '../auth/sessionCookie.ts';

/** What the transport knows of one request or WebSocket operation. */
export type TransportContext = {
  requestId: string;
  viewer: Viewer | null;
  pageOrigin: string;
  clientAddress: string | null;
  /** Null on a WebSocket: its answers carry no cookie. */
  response: ServerResponse | null;
};

/** Makes the context of one operation. */
export type ContextFactory = (transport: TransportContext) => SchemaContext;

/** What every operation of this process shares. */
export function createContextFactory(shared: {
  log: EventLog;
  watch: WatchService;
  publicOrigin: string;
  cookie: SessionCookie;
}): ContextFactory {
  const { log, watch, publicOrigin, cookie } = shared;
  return ({ requestId, viewer, pageOrigin, clientAddress, response }) => {
    const request: Omit<SchemaContext, 'loaders'> = {
      log: { ...log, requestId },
      watch,
      viewer,
      requestId,
      publicOrigin,
      pageOrigin,
      clientAddress,
      eventCursors: null,
      sessionCookie: {
        set: (token, expiresAt) => {
          if (response !== null) cookie.set(response, token, expiresAt);
        },
        clear: () => {
          if (response !== null) cookie.clear(response);
        },
      },
    };
    return { ...request, loaders: createLoaders(request) };
  };
}
