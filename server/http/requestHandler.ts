import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnauthenticatedError } from '../../core/errors.ts';
import { MAX_IMPORT_FILE_BYTES } from '../../core/limits.ts';
import type { Database } from '../../prisma/database.ts';
import { readSession } from '../../resolvers/session/readSession.ts';
import { bearerToken } from '../auth/bearerToken.ts';
import type { OriginPolicy } from '../auth/originPolicy.ts';
import { isPreflighted, PREFLIGHT_HEADER } from '../auth/preflight.ts';
import type { SessionCookie } from '../auth/sessionCookie.ts';
import type { Health } from '../health.ts';
import type { Logger } from '../logger.ts';
import { allowReading } from './allowReading.ts';
import { clientAddress } from './clientAddress.ts';
import type { ClientFiles } from './clientFiles.ts';
import type { ContextFactory, TransportContext } from './contextFactory.ts';
import { GRAPHQL_PATH, type GraphqlServer } from './graphqlServer.ts';
import { MANIFEST_PATH, serveManifest } from './manifestRoute.ts';
import { sendError } from './sendError.ts';
import { sendHealth } from './sendHealth.ts';
import { UPLOADS_PATH, type UploadServer } from './uploadServer.ts';

/** A file, with room for the operation around it. */
export const MAX_REQUEST_BODY_BYTES = MAX_IMPORT_FILE_BYTES + 1024 * 1024;
/** Who is not signed in has nothing large to say. */
export const MAX_ANONYMOUS_BODY_BYTES = 64 * 1024;

export type RequestHandlerOptions = {
  graphql: GraphqlServer;
  uploads: UploadServer;
  createContext: ContextFactory;
  clientFiles: ClientFiles;
  database: Database;
  origins: OriginPolicy;
  cookie: SessionCookie;
  health: Health;
  logger: Logger;
};

/** Everything that this process answers over HTTP. */
export function createRequestHandler(options: RequestHandlerOptions) {
  const { cookie, database, graphql, health, logger, origins } = options;

  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = randomUUID();
    response.setHeader('x-request-id', requestId);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('x-frame-options', 'DENY');
    route(request, response, requestId).catch((error: unknown) => {
      fail(request, response, requestId, error);
    });
  };

  async function route(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?');
    if (path === GRAPHQL_PATH) return answerGraphql(request, response, requestId);
    if (path === UPLOADS_PATH || path.startsWith(`${UPLOADS_PATH}/`))
      return answerUpload(request, response, requestId);
    const [, approvalId] = MANIFEST_PATH.exec(path) ?? [];
    if (approvalId !== undefined && allowReading(request, response, origins)) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return sendError(response, 405, 'METHOD_NOT_ALLOWED', 'Only GET is allowed here.');
    }
    if (approvalId !== undefined) {
      const transport = await identify(request, response, requestId);
      return serveManifest(options.createContext(transport), approvalId, request, response);
    }
    if (path === '/health') return sendHealth(health, response);
    if (options.clientFiles.serve(path, request, response)) return;
    sendError(response, 404, 'NOT_FOUND', `There is nothing here. The API is at ${GRAPHQL_PATH}.`);
  }

  async function answerGraphql(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    if (!origins.isAllowed(request.headers.origin)) {
      return sendError(response, 403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not use this API.');
    }
    const hasCookie = cookie.read(request) !== null && bearerToken(request.headers.authorization) === null;
    const isPage =
      request.method === 'GET' &&
      (request.headers.accept ?? '').includes('text/html') &&
      !namesOperation(request.url ?? '');
    if (request.method !== 'OPTIONS' && !isPage && !isPreflighted(request, hasCookie)) {
      const message = `Send the header ${PREFLIGHT_HEADER} with what is not application/json.`;
      // 415 is what GraphQL over HTTP asks for where the body's type is the matter.
      return sendError(response, request.method === 'POST' ? 415 : 400, 'PREFLIGHT_REQUIRED', message);
    }
    const transport = await identify(request, response, requestId);
    if (transport.viewer === null && !isSmall(request)) {
      const message = `Who is not signed in may send ${MAX_ANONYMOUS_BODY_BYTES} bytes at most, with a Content-Length.`;
      return sendError(response, 413, 'LIMIT_EXCEEDED', message);
    }
    await graphql(request, response, transport);
  }

  async function answerUpload(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    if (!origins.isAllowed(request.headers.origin)) {
      return sendError(response, 403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not use this API.');
    }
    const transport = await identify(request, response, requestId);
    if (request.method !== 'OPTIONS') {
      // A header of no form or image: a browser asks before it lets a page of another site send it.
      if (request.headers['tus-resumable'] === undefined) {
        return sendError(response, 412, 'PREFLIGHT_REQUIRED', 'Send the header Tus-Resumable: 1.0.0.');
      }
      if (transport.viewer === null) throw new UnauthenticatedError();
    }
    await options.uploads(request, response, options.createContext(transport));
  }

  async function identify(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<TransportContext> {
    const token = bearerToken(request.headers.authorization) ?? cookie.read(request);
    return {
      requestId,
      viewer: token === null ? null : await readSession(database, token),
      pageOrigin: origins.pageOrigin(request.headers.origin),
      clientAddress: clientAddress(request),
      response,
    };
  }

  function fail(request: IncomingMessage, response: ServerResponse, requestId: string, error: unknown): void {
    if (error instanceof UnauthenticatedError && !response.headersSent) {
      sendError(response, 401, error.code, error.message);
      return;
    }
    if (!request.destroyed) logger.error({ err: error, requestId }, 'request failed');
    if (response.headersSent) response.destroy();
    else
      sendError(
        response,
        500,
        'INTERNAL',
        `Something went wrong on our side. The request’s id is ${requestId}.`,
      );
  }
}

/** Whether a GET is for an answer, not for the page: by the name of any parameter that can make it one. */
function namesOperation(url: string): boolean {
  const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  return ['query', 'extensions', 'documentId'].some((name) => parameters.has(name));
}

function isSmall(request: IncomingMessage): boolean {
  if (request.headers['transfer-encoding'] !== undefined) return false;
  return Number(request.headers['content-length'] ?? 0) <= MAX_ANONYMOUS_BODY_BYTES;
}
