import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ResponseBodyTooLargeError, TimeoutError } from 'viem';
import { NO_URL } from '../nodeUrlHider.ts';

/** Until the answer begins. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Until the answer is whole. */
const BODY_TIMEOUT_MS = 60_000;
/** Sooner than servers end them: what is sent over a connection that just ends gets no answer. */
const IDLE_TIMEOUT_MS = 4_000;
/** Forty receipts of full chunks are about 8 MB; a block that somebody filled with logs must still be read. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** What a node answered to a POST, whatever its status. */
export type HttpAnswer = {
  readonly status: number;
  readonly statusText: string;
  readonly retryAfter: string | null;
  readonly body: string;
};

/**
 * Posts JSON to one URL over connections that are kept. Not by fetch, which takes twice the processor's time a request, and
 * follows redirects: a node's answer must not send this system elsewhere.
 * @throws TimeoutError; ResponseBodyTooLargeError; the system's error when the connection fails, which names host and port
 */
export function createPostJson(nodeUrl: string): (json: string) => Promise<HttpAnswer> {
  const { url, headers } = splitCredentials(nodeUrl);
  const { Agent, request } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: IDLE_TIMEOUT_MS });
  return async (json) => {
    const asking = request(url, {
      ...{ method: 'POST', agent },
      headers: { ...headers, 'content-length': Buffer.byteLength(json) },
    });
    // Who waits for the answer is told of it there.
    asking.on('error', () => {});
    let timer = setTimeout(() => asking.destroy(timedOut()), ANSWER_TIMEOUT_MS);
    try {
      asking.end(json);
      const [answer] = (await once(asking, 'response')) as [IncomingMessage];
      clearTimeout(timer);
      timer = setTimeout(() => answer.destroy(timedOut()), BODY_TIMEOUT_MS);
      return {
        status: answer.statusCode ?? 0,
        statusText: answer.statusMessage ?? '',
        retryAfter: answer.headers['retry-after'] ?? null,
        body: await readBody(answer),
      };
    } finally {
      clearTimeout(timer);
    }
  };
}

function timedOut(): TimeoutError {
  return new TimeoutError({ body: {}, url: NO_URL });
}

/** As a header: errors of requests may name their URL. */
function splitCredentials(nodeUrl: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(nodeUrl);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'accept-encoding': 'gzip' };
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  return { url, headers };
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(answer) as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > MAX_RESPONSE_BYTES) throw new ResponseBodyTooLargeError({ maxSize: MAX_RESPONSE_BYTES, size });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decoded(answer: IncomingMessage): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
  // The end of either is the other's, with its error.
  return pipeline(answer, createGunzip(), () => {});
}
