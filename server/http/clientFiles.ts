import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import type { Logger } from '../logger.ts';

const INDEX = '/index.html';
/** Names with a hash of the content in them: what they hold never changes. */
const HASHED = '/assets/';
const HASHED_MAX_AGE_SECONDS = 365 * 24 * 3600;
/** Written last by the build: when it changes, all files are there. */
const STAMP = '.source';
/** All files are kept in memory, each in up to three encodings. */
const MAX_CLIENT_BYTES = 100 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
/** In the order in which they are preferred. */
const ENCODINGS = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Protocol Banks</title></head>
<body><h1>The client is not built</h1><p>Run <code>npm run build</code> and open this page again. The API is at
<a href="/graphql">/graphql</a>.</p></body></html>
`;

type Representation = { readonly body: Buffer; readonly etag: string };
type ClientFile = Representation & { readonly type: string; readonly encoded: Map<string, Representation> };

export type ClientFiles = {
  /**
   * Answers a GET or HEAD for a file of the client; with its page for any other path that a browser opens.
   * @returns whether the request was answered
   */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean;
};

/**
 * The built client, read once and kept in memory: nothing that a request names is ever looked up on the disk.
 * @param options.directory of the build
 * @param options.isRebuilt whether builds may follow while this process runs, as in development
 */
export function createClientFiles(options: {
  directory: string;
  publicOrigin: string;
  isRebuilt: boolean;
  logger: Logger;
}): ClientFiles {
  const headers = securityHeaders(options.publicOrigin);
  let readBuildMs = builtAtMs(options.directory);
  let files = readFiles(options.directory);
  if (!files.has(INDEX)) {
    options.logger.warn({ directory: options.directory }, 'the client is not built: run npm run build');
  }

  function refresh(): void {
    const builtMs = builtAtMs(options.directory);
    if (builtMs === null || builtMs === readBuildMs) return;
    files = readFiles(options.directory);
    readBuildMs = builtMs;
  }

  return {
    serve: (path, request, response) => {
      const isOpened = (request.headers.accept ?? '').includes('text/html');
      if (options.isRebuilt && isOpened) refresh();
      const file = files.get(path === '/' ? INDEX : path);
      if (file === undefined && (path.startsWith(HASHED) || !isOpened)) return false;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      const shown = file ?? files.get(INDEX);
      if (shown === undefined) sendNotBuilt(request, response);
      else send(shown, path.startsWith(HASHED), request, response);
      return true;
    },
  };
}

function send(file: ClientFile, isHashed: boolean, request: IncomingMessage, response: ServerResponse): void {
  const accepted = acceptedEncodings(request.headers['accept-encoding'] ?? '');
  const encoding = ENCODINGS.find(({ name }) => accepted.has(name) && file.encoded.has(name))?.name;
  const { body, etag } = (encoding === undefined ? undefined : file.encoded.get(encoding)) ?? file;
  response.setHeader('vary', 'Accept-Encoding');
  response.setHeader('etag', etag);
  response.setHeader(
    'cache-control',
    isHashed ? `public, max-age=${HASHED_MAX_AGE_SECONDS}, immutable` : 'no-cache',
  );
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag)) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.byteLength,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function sendNotBuilt(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(NOT_BUILT),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : NOT_BUILT);
}

/** `br;q=0` is a refusal. */
function acceptedEncodings(header: string): Set<string> {
  const accepted = header
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((piece) => piece.trim()))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''));
  return new Set(accepted.map(([name = '']) => name));
}

/** Nothing is loaded from elsewhere, no page may frame it, and its scripts speak to this API alone. */
function securityHeaders(publicOrigin: string): Record<string, string> {
  const socketOrigin = publicOrigin.replace(/^http/, 'ws');
  const policy = [
    "default-src 'self'",
    "script-src 'self'",
    // Mantine writes its variables into style elements.
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${socketOrigin}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), display-capture=()',
  };
}

/** When the last build was complete, in milliseconds; null without one, or while one runs. */
function builtAtMs(directory: string): number | null {
  return statSync(join(directory, STAMP), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** By the path in a URL; hidden files are not among them. */
function readFiles(directory: string): Map<string, ClientFile> {
  const contents = new Map<string, Buffer>();
  let bytes = 0;
  for (const path of listFiles(directory)) {
    const content = readFileSync(join(directory, path));
    bytes += content.byteLength;
    if (bytes > MAX_CLIENT_BYTES) throw new Error(`${directory} has more than ${MAX_CLIENT_BYTES} bytes.`);
    contents.set(`/${path}`, content);
  }
  const files = new Map<string, ClientFile>();
  for (const [path, content] of contents) {
    const isCompressed = ENCODINGS.some(
      ({ extension }) => path.endsWith(extension) && contents.has(path.slice(0, -extension.length)),
    );
    if (isCompressed) continue;
    const encoded = new Map<string, Representation>();
    for (const { name, extension } of ENCODINGS) {
      const compressed = contents.get(`${path}${extension}`);
      if (compressed !== undefined) encoded.set(name, representation(compressed));
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    files.set(path, { ...representation(content), type, encoded });
  }
  return files;
}

function listFiles(directory: string): string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((name) => name.startsWith('.')));
}

function representation(body: Buffer): Representation {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}
