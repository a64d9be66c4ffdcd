import type { IncomingMessage } from 'node:http';

/** Any value will do: a page of another site cannot send it without asking first. */
export const PREFLIGHT_HEADER = 'graphql-require-preflight';

/**
 * Whether a browser would have asked this API before it let a page of another site send the request. What a form or an
 * image could send (GET, multipart, URL-encoded, plain text) is taken only with the header, so that nobody's browser is
 * made to act for them. A GET that comes with no session has nobody to act for, and GET never changes anything.
 */
export function isPreflighted(request: IncomingMessage, hasSessionCookie: boolean): boolean {
  const { headers, method } = request;
  if (headers[PREFLIGHT_HEADER] !== undefined) return true;
  if (method === 'GET' || method === 'HEAD') return !hasSessionCookie;
  const [mediaType] = (headers['content-type'] ?? '').split(';');
  return mediaType?.trim().toLowerCase() === 'application/json';
}
