import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export type TestError = {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; limit?: string; requestId?: string };
};
export type TestAnswer<Data> = {
  data: Data | null;
  errors: TestError[];
  status: number;
  headers: Headers;
};

/** The public API over real HTTP and WebSocket, as one person. */
export type TestClient = {
  token: string | null;
  /** Sends an operation and returns whatever comes back. */
  send<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<TestAnswer<Data>>;
  /** The data of an operation. Fails, with the request's id and the body, when there are errors. */
  request<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
  ): Promise<Data>;
  /** The code of the first top-level error. Fails when there is none. */
  errorCode(document: string, variables?: Record<string, unknown>): Promise<string>;
  /** A GraphQL multipart request with one file, for the variable at `path`. */
  upload<Data = Record<string, unknown>>(
    document: string,
    variables: Record<string, unknown>,
    path: string,
    file: { name: string; text: string },
  ): Promise<TestAnswer<Data>>;
  /** Messages of a subscription over WebSocket, on a connection of its own; `return()` closes it. */
  subscribe<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
  ): AsyncGenerator<{ data: Data | null; errors: TestError[] }, void, undefined>;
};

/** @param token of a session; null: nobody */
export function createTestClient(origin: string, token: string | null): TestClient {
  const endpoint = `${origin}/graphql`;
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };

  async function post<Data>(
    headers: Record<string, string>,
    body: string | FormData,
  ): Promise<TestAnswer<Data>> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { accept: 'application/json', ...authorization, ...headers },
      body,
    });
    const text = await response.text();
    let answer: { data?: Data | null; errors?: TestError[] };
    try {
      answer = JSON.parse(text) as typeof answer;
    } catch {
      throw new Error(`${response.status} ${response.headers.get('x-request-id')}: ${text.slice(0, 2_000)}`);
    }
    return {
      data: answer.data ?? null,
      errors: answer.errors ?? [],
      status: response.status,
      headers: response.headers,
    };
  }

  const send = <Data>(document: string, variables: Record<string, unknown> = {}, headers = {}) =>
    post<Data>(
      { 'content-type': 'application/json', ...headers },
      JSON.stringify({ query: document, variables }),
    );

  return {
    token,
    send,
    request: async <Data>(document: string, variables?: Record<string, unknown>): Promise<Data> => {
      const answer = await send<Data>(document, variables);
      if (answer.errors.length > 0 || answer.data === null) {
        const requestId = answer.headers.get('x-request-id');
        throw new Error(`Request ${requestId}, status ${answer.status}: ${JSON.stringify(answer.errors)}`);
      }
      return answer.data;
    },
    errorCode: async (document, variables) => {
      const { data, errors } = await send(document, variables);
      const [first] = errors;
      if (first === undefined) throw new Error(`No error, but ${JSON.stringify(data)}`);
      return first.extensions?.code ?? first.message;
    },
    upload: (document, variables, path, file) => {
      const form = new FormData();
      form.set('operations', JSON.stringify({ query: document, variables }));
      form.set('map', JSON.stringify({ 0: [`variables.${path}`] }));
      form.set('0', new Blob([file.text], { type: 'text/csv' }), file.name);
      return post({ 'graphql-require-preflight': '1' }, form);
    },
    subscribe: (document, variables) => subscribe(endpoint, token, document, variables ?? {}),
  };
}

async function* subscribe<Data>(
  endpoint: string,
  token: string | null,
  document: string,
  variables: Record<string, unknown>,
): AsyncGenerator<{ data: Data | null; errors: TestError[] }, void, undefined> {
  const client = createClient({
    url: endpoint.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  try {
    for await (const message of client.iterate<Data>({ query: document, variables })) {
      yield { data: message.data ?? null, errors: (message.errors ?? []) as unknown as TestError[] };
    }
  } catch (error) {
    // A request that is refused as a whole comes as the stream's end, with its errors.
    if (!Array.isArray(error)) throw error;
    yield { data: null, errors: error as TestError[] };
  } finally {
    await client.dispose();
  }
}
