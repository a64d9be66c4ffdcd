import type { IncomingMessage, ServerResponse } from 'node:http';
import { EVENTS, MemoryLocker, Server } from '@tus/server';
import { ForbiddenError, LimitExceededError } from '../../core/errors.ts';
import { encodeNodeId } from '../../core/ids.ts';
import { MAX_IMPORT_FILE_BYTES } from '../../core/limits.ts';
import { newId } from '../../resolvers/newId.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import type { OriginPolicy } from '../auth/originPolicy.ts';
import { PREFLIGHT_HEADER } from '../auth/preflight.ts';
import type { Logger } from '../logger.ts';
import type { ApiMetrics } from './metrics.ts';
import { UploadStore } from './uploadStore.ts';

export const UPLOADS_PATH = '/uploads';
const ID_HEADER = 'Upload-Id';
const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;

export type UploadServer = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
) => Promise<void>;

/**
 * Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): POST begins one, HEAD tells how far it came,
 * PATCH goes on, DELETE forgets it. What is written is written once, whichever process it came to.
 */
export function createUploadServer(options: {
  origins: OriginPolicy;
  metrics: ApiMetrics;
  logger: Logger;
}): UploadServer {
  const { metrics, origins } = options;
  // A connection that resumes ends the one that it replaces. Two processes are kept apart by the database.
  const locker = new MemoryLocker();

  return async (request, response, context) => {
    const logger = options.logger.child({ requestId: context.requestId });
    const server = new Server({
      path: UPLOADS_PATH,
      relativeLocation: true,
      maxSize: MAX_IMPORT_FILE_BYTES,
      datastore: new UploadStore(context, metrics.uploadReceived),
      namingFunction: async () => encodeNodeId('Upload', await newId(context.log.database)),
      // By person: nobody ends another's connection by asking for their upload.
      locker: { newLock: (id) => locker.newLock(`${context.viewer?.userId}:${id}`) },
      allowedOrigins: [...origins.allowed],
      allowedCredentials: true,
      allowedHeaders: [PREFLIGHT_HEADER],
      exposedHeaders: [ID_HEADER],
      onResponseError: (_request, error) => {
        if ('status_code' in error) return undefined;
        metrics.upload('failed');
        if (error instanceof ForbiddenError) return { status_code: FORBIDDEN, body: `${error.message}\n` };
        if (error instanceof LimitExceededError)
          return { status_code: TOO_MANY_REQUESTS, body: `${error.message}\n` };
        logger.error({ err: error }, 'an upload failed');
        return { status_code: 500, body: 'Something went wrong on our side. Resume the upload.\n' };
      },
    });
    server.on(EVENTS.POST_CREATE, (_request, { id, size }) => {
      response.setHeader(ID_HEADER, id);
      metrics.upload('begun');
      logger.info({ uploadId: id, bytes: size }, 'an upload began');
    });
    server.on(EVENTS.POST_FINISH, (_request, _response, { id, size }) => {
      metrics.upload('finished');
      logger.info({ uploadId: id, bytes: size }, 'an upload is whole');
    });
    server.on(EVENTS.POST_TERMINATE, (_request, _response, id) => {
      metrics.upload('deleted');
      logger.info({ uploadId: id }, 'an upload was deleted');
    });
    response.setHeader('vary', 'Origin');
    await server.handle(request, response);
  };
}
