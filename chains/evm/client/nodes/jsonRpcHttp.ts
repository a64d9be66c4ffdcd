import { HttpRequestError, ResponseBodyTooLargeError, RpcRequestError, TimeoutError } from 'viem';
import { createNodeUrlHider } from '../nodeUrlHider.ts';
import { RateLimitedError, retryAfterMs } from './rateLimit.ts';

export type JsonRpcRequest = { readonly method: string; readonly params?: unknown };

/** One node's JSON-RPC over HTTP. */
export type JsonRpcHttp = {
  /**
   * @throws RpcRequestError when the node answers with an error; RateLimitedError, HttpRequestError, TimeoutError or
   *   ResponseBodyTooLargeError when it does not answer. None holds anything of the node's URL
   */
  request(asked: JsonRpcRequest): Promise<unknown>;
};

/** Around each HTTP request of a node, which may carry many JSON-RPC requests: for measuring and for breaking. */
export type AroundHttp = <T>(send: () => Promise<T>) => Promise<T>;

const MAX_REQUESTS_PER_HTTP_BATCH = 40;
/** Until the answer begins. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Until the answer is whole. */
const BODY_TIMEOUT_MS = 60_000;
/** Forty receipts of full chunks are about 8 MB; a block that somebody filled with logs must still be read. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;
/** What errors say in the URL's place. */
const NO_URL = '[node]';

type Waiting = JsonRpcRequest & Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'>;
type Answer = { readonly result?: unknown; readonly error?: RpcFault };
type RpcFault = { readonly code: number; readonly message: string; readonly data?: unknown };

/**
 * Requests of one tick travel as one batch; each answer is known by its id, so that one that is left out shifts no other.
 * Nothing is ever repeated here: whoever asks decides what an unanswered request means.
 */
export function createJsonRpcHttp(rpcUrl: string, around: AroundHttp = (send) => send()): JsonRpcHttp {
  const post = createPost(rpcUrl);
  const hider = createNodeUrlHider(rpcUrl);
  let waiting: Waiting[] = [];

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await around(() => post(batch));
      for (const [id, { method, resolve, reject }] of batch.entries()) {
        const answer = answers.get(id) ?? {};
        if (answer.error !== undefined) {
          reject(hider.hideInError(errorOf(method, answer.error)));
        } else if ('result' in answer) resolve(answer.result);
        else reject(hider.hideInError(unusable('the node left out an answer')));
      }
    } catch (error) {
      hider.hideInError(error);
      for (const { reject } of batch) reject(error);
    }
  };
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += MAX_REQUESTS_PER_HTTP_BATCH) {
      void send(all.slice(start, start + MAX_REQUESTS_PER_HTTP_BATCH));
    }
  };
  return {
    request: (asked) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ ...asked, resolve, reject });
      return promise;
    },
  };
}

/** Sends one batch; the answers by the requests' places in it. */
function createPost(rpcUrl: string): (batch: readonly JsonRpcRequest[]) => Promise<Map<number, Answer>> {
  const { url, headers } = splitCredentials(rpcUrl);
  return async (batch) => {
    const body = JSON.stringify(
      batch.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })),
    );
    const abort = new AbortController();
    let timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT_MS);
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal: abort.signal });
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), BODY_TIMEOUT_MS);
      return parseAnswers(response, await readBody(response), batch.length);
    } catch (error) {
      if (abort.signal.aborted) throw new TimeoutError({ body: {}, url: NO_URL });
      if (error instanceof HttpRequestError || error instanceof ResponseBodyTooLargeError) throw error;
      throw new HttpRequestError({ url: NO_URL, cause: error as Error });
    } finally {
      clearTimeout(timer);
    }
  };
}

/** fetch takes no credentials in a URL. */
function splitCredentials(rpcUrl: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(rpcUrl);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  return { url, headers };
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_RESPONSE_BYTES) throw new ResponseBodyTooLargeError({ maxSize: MAX_RESPONSE_BYTES, size });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseAnswers(response: Response, body: string, count: number): Map<number, Answer> {
  const limited = response.headers.get('retry-after');
  if (response.status === 429 || (response.status === 503 && limited !== null)) {
    throw new RateLimitedError(retryAfterMs(limited, Date.now()));
  }
  const answers = new Map<number, Answer>();
  for (const answer of [parseJson(response, body)].flat()) {
    if (typeof answer !== 'object' || answer === null) continue;
    const fault = faultOf(answer);
    if (fault !== null && RateLimitedError.isMeantBy(fault)) throw new RateLimitedError(null);
    // An error that names no request is about all of them.
    const ids = Number.isInteger(answer.id) ? [answer.id] : fault === null ? [] : Array(count).keys();
    for (const id of ids) answers.set(id, fault === null ? answer : { error: fault });
  }
  if (!response.ok && answers.size === 0) throw unusable(response.statusText, response.status);
  return answers;
}

function parseJson(response: Response, body: string) {
  try {
    return JSON.parse(body);
  } catch (cause) {
    if (!response.ok) throw unusable(`${response.statusText} ${body.slice(0, 200)}`, response.status);
    throw new HttpRequestError({ url: NO_URL, cause: cause as Error });
  }
}

function faultOf(answer: { error?: unknown }): RpcFault | null {
  const fault = answer.error;
  if (typeof fault !== 'object' || fault === null) return null;
  const isFault =
    'code' in fault &&
    typeof fault.code === 'number' &&
    'message' in fault &&
    typeof fault.message === 'string';
  return isFault ? (fault as RpcFault) : null;
}

function errorOf(method: string, error: RpcFault): RpcRequestError {
  return new RpcRequestError({ body: { method }, error, url: NO_URL });
}

function unusable(details: string, status?: number): HttpRequestError {
  return new HttpRequestError({ url: NO_URL, details, ...(status === undefined ? {} : { status }) });
}
