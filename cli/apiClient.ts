import { createClient } from 'graphql-ws';
import type { LocalAccount } from 'viem';
import WebSocket from 'ws';
import { checkSignInMessage } from '../chains/evm/codec/checkSignInMessage.ts';
import { CliError } from './cliError.ts';

const REQUEST_TIMEOUT_MS = 120_000;
/** How long a request waits for an API that has answered before and is away, as during a restart. */
export const MAX_AWAY_MS = 120_000;
const AWAY_DELAY_MS = 500;
const MAX_SIGN_IN_ATTEMPTS = 2;
/** Reconnects of a subscription before giving up; with the delay below about ten minutes. */
const MAX_RECONNECTS = 1_200;
const RECONNECT_DELAY_MS = 500;

/** A user error as every payload carries it. */
export type ApiFault = { code: string; message: string; path: string[] | null };
type HttpAnswer = { ok: boolean; status: number; text: string };
type Answer<Data> = { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] };

/** The public API for one signed-in person. */
export type ApiClient = {
  /** @throws CliError with the API's own words */
  request<Data>(document: string, variables: Record<string, unknown>, file?: ApiFile): Promise<Data>;
  download(url: string): Promise<string>;
  subscribe<Data>(document: string, variables: () => Record<string, unknown>): AsyncGenerator<Data>;
};
/** A file for the variable at `input.file`. */
export type ApiFile = { name: string; bytes: Uint8Array<ArrayBuffer> };

const CHALLENGE = /* GraphQL */ `
  mutation Challenge($input: SessionChallengeCreateInput!) {
    sessionChallengeCreate(input: $input) { message userErrors { code message } }
  }
`;
const SIGN_IN = /* GraphQL */ `
  mutation SignIn($input: SessionCreateInput!) {
    sessionCreate(input: $input) { token userErrors { code message } }
  }
`;

/**
 * Signs in with a wallet (EIP-4361) and returns the API as that person sees it. Its requests outlive a restart of the API:
 * each of this command's operations may be sent again, by its key or by state.
 * @param awayMs how long to wait for an API that does not answer; 0 where nothing has answered yet
 */
export async function signIn(
  api: string,
  account: LocalAccount,
  chainId: number,
  awayMs = 0,
): Promise<ApiClient> {
  return apiClient(api, await openSession(api, account, chainId, awayMs), MAX_AWAY_MS);
}

/** Signs in with a wallet (EIP-4361). @returns the session's token, a secret */
export async function openSession(
  api: string,
  account: LocalAccount,
  chainId: number,
  awayMs = 0,
): Promise<string> {
  const guest = apiClient(api, null, awayMs);
  let faults: readonly ApiFault[] = [];
  // The answer to the first try may be lost, and a message signs in once.
  for (let attempt = 0; attempt < MAX_SIGN_IN_ATTEMPTS; attempt += 1) {
    const { sessionChallengeCreate } = await guest.request<{
      sessionChallengeCreate: { message: string | null; userErrors: ApiFault[] };
    }>(CHALLENGE, { input: { address: account.address, chainId } });
    requireNoFaults(sessionChallengeCreate.userErrors);
    const message = sessionChallengeCreate.message ?? '';
    const { origin } = new URL(api);
    checkSignInMessage(message, { address: account.address, chainId, origin, now: new Date() });
    const signature = await account.signMessage({ message });
    const { sessionCreate } = await guest.request<{
      sessionCreate: { token: string | null; userErrors: ApiFault[] };
    }>(SIGN_IN, { input: { message, signature } });
    if (sessionCreate.token !== null) return sessionCreate.token;
    faults = sessionCreate.userErrors;
  }
  requireNoFaults(faults);
  throw new CliError('The API opened no session.');
}

/** @throws CliError naming every fault */
export function requireNoFaults(faults: readonly ApiFault[]): void {
  if (faults.length > 0) {
    throw new CliError(faults.map((fault) => `${fault.message} (${fault.code})`).join('\n'), 2);
  }
}

function apiClient(api: string, token: string | null, awayMs: number): ApiClient {
  const endpoint = new URL('/graphql', api).href;
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    async request<Data>(document: string, variables: Record<string, unknown>, file?: ApiFile): Promise<Data> {
      const { headers, body } = encode(document, variables, file);
      const response = await call(awayMs, endpoint, {
        method: 'POST',
        headers: { ...authorization, ...headers },
        body,
      });
      const answer = readAnswer<Data>(response);
      if (answer.errors !== undefined || answer.data === null || answer.data === undefined) {
        const said = answer.errors?.map(
          ({ message, extensions }) => `${message} (${extensions?.code ?? 'ERROR'})`,
        );
        throw new CliError(`The API refused: ${said?.join('; ') ?? `status ${response.status}`}`);
      }
      return answer.data;
    },
    async download(url: string): Promise<string> {
      const response = await call(awayMs, new URL(url, api).href, { headers: authorization });
      if (!response.ok)
        throw new CliError(`The API did not hand out the manifest: status ${response.status}.`);
      return response.text;
    },
    subscribe: (document, variables) => subscribe(endpoint, token, document, variables),
  };
}

function encode(document: string, variables: Record<string, unknown>, file: ApiFile | undefined) {
  const operations = JSON.stringify({ query: document, variables });
  if (file === undefined) {
    return { headers: { 'content-type': 'application/json', accept: 'application/json' }, body: operations };
  }
  // GraphQL multipart request: the preflight header says that no form of another site sent it.
  const form = new FormData();
  form.set('operations', operations);
  form.set('map', JSON.stringify({ 0: ['variables.input.file'] }));
  form.set('0', new Blob([file.bytes], { type: 'text/csv' }), file.name);
  return { headers: { accept: 'application/json', 'graphql-require-preflight': 'true' }, body: form };
}

function readAnswer<Data>({ status, text }: HttpAnswer): Answer<Data> {
  try {
    return JSON.parse(text) as Answer<Data>;
  } catch {
    throw new CliError(`The API answered something else than JSON (status ${status}).`);
  }
}

/** One request with its whole answer, sent again while the API is away. @throws CliError when it stays away */
async function call(awayMs: number, url: string, init: RequestInit): Promise<HttpAnswer> {
  const deadline = Date.now() + awayMs;
  for (;;) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      const { ok, status } = response;
      const text = await response.text();
      if (status !== 503 || Date.now() >= deadline) return { ok, status, text };
    } catch (cause) {
      if (Date.now() >= deadline) {
        throw new CliError(
          `The API at ${new URL(url).origin} does not answer (${cause instanceof Error ? cause.message : cause}).`,
        );
      }
    }
    await new Promise((resolve) => setTimeout(resolve, AWAY_DELAY_MS));
  }
}

/**
 * A subscription that outlives connections and API restarts: `variables` is asked again at each attempt, so that the
 * caller resumes with its last cursor.
 */
async function* subscribe<Data>(
  endpoint: string,
  token: string | null,
  document: string,
  variables: () => Record<string, unknown>,
): AsyncGenerator<Data> {
  for (let attempt = 0; attempt < MAX_RECONNECTS; attempt += 1) {
    const client = createClient({
      url: endpoint.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
    });
    try {
      for await (const result of client.iterate<Data>({ query: document, variables: variables() })) {
        if (result.errors !== undefined) {
          throw new CliError(
            `The API ended the stream: ${result.errors.map(({ message }) => message).join('; ')}`,
          );
        }
        if (result.data !== null && result.data !== undefined) {
          attempt = 0;
          yield result.data;
        }
      }
    } catch (error) {
      if (error instanceof CliError || Array.isArray(error)) {
        throw error instanceof CliError
          ? error
          : new CliError(`The API refused the subscription: ${describe(error)}`);
      }
    } finally {
      await client.dispose();
    }
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY_MS));
  }
  throw new CliError(
    'The API has been out of reach for too long. The batch goes on without this command; run it again to watch.',
  );
}

function describe(errors: readonly unknown[]): string {
  return errors.map((error) => (error instanceof Error ? error.message : JSON.stringify(error))).join('; ');
}
