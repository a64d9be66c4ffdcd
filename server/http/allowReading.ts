import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OriginPolicy } from '../auth/originPolicy.ts';

const MAX_AGE_SECONDS = 600;

/**
 * Lets pages of allowed origins read what this GET answers (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol), and
 * answers a browser that asks first.
 * @returns whether the request was such a question and is answered
 */
export function allowReading(
  request: IncomingMessage,
  response: ServerResponse,
  origins: OriginPolicy,
): boolean {
  const { origin } = request.headers;
  response.setHeader('vary', 'Origin');
  if (origin !== undefined && origins.isAllowed(origin)) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'authorization',
    'access-control-max-age': `${MAX_AGE_SECONDS}`,
  });
  response.end();
  return true;
}
