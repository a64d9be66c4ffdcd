import { HttpRequestError, RpcRequestError } from 'viem';
import { createNodeUrlHider, NO_URL } from '../nodeUrlHider.ts';
import { isUnanswered } from './nodeErrors.ts';
import { createPostJson, type HttpAnswer } from './postJson.ts';
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

type Waiting = JsonRpcRequest & Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'>;
type Answer = { readonly result?: unknown; readonly error?: RpcFault };
type RpcFault = { readonly code: number; readonly message: string; readonly data?: unknown };

/**
 * Requests of one tick travel as one batch; each answer is known by its id, so that one that is left out shifts no other.
 * Nothing is ever repeated here: whoever asks decides what an unanswered request means.
 */
export function createJsonRpcHttp(rpcUrl: string, around: AroundHttp = (send) => send()): JsonRpcHttp {
  const post = createBatchPost(rpcUrl);
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
function createBatchPost(rpcUrl: string): (batch: readonly JsonRpcRequest[]) => Promise<Map<number, Answer>> {
  const post = createPostJson(rpcUrl);
  return async (batch) => {
    const body = JSON.stringify(
      batch.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })),
    );
    try {
      return parseAnswers(await post(body), batch.length);
    } catch (error) {
      if (isUnanswered(error)) throw error;
      // Its own words name host and address: the code that it is told by is enough.
      throw new HttpRequestError({
        url: NO_URL,
        cause: new Error('The connection failed.', { cause: error }),
      });
    }
  };
}

function parseAnswers(response: HttpAnswer, count: number): Map<number, Answer> {
  const { status, statusText, retryAfter } = response;
  if (status === 429 || (status === 503 && retryAfter !== null)) {
    throw new RateLimitedError(retryAfterMs(retryAfter, Date.now()));
  }
  const answers = new Map<number, Answer>();
  for (const answer of [parseJson(response)].flat()) {
    if (typeof answer !== 'object' || answer === null) continue;
    const fault = faultOf(answer);
    if (fault !== null && RateLimitedError.isMeantBy(fault)) throw new RateLimitedError(null);
    // An error that names no request is about all of them.
    const ids = Number.isInteger(answer.id) ? [answer.id] : fault === null ? [] : Array(count).keys();
    for (const id of ids) answers.set(id, fault === null ? answer : { error: fault });
  }
  if (!isOk(status) && answers.size === 0) throw unusable(statusText, status);
  return answers;
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

function parseJson({ status, statusText, body }: HttpAnswer) {
  try {
    return JSON.parse(body);
  } catch (cause) {
    if (!isOk(status)) throw unusable(`${statusText} ${body.slice(0, 200)}`, status);
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
