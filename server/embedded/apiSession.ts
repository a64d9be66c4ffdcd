import type { LocalAccount } from 'viem';
import { checkSignInMessage } from '../../chains/evm/codec/checkSignInMessage.ts';
import { EmbeddedError } from './embeddedError.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** The public API as one person sees it. */
export type ApiSession = {
  /**
   * Sends an operation. User errors anywhere in the answer count as failures, too.
   * @throws EmbeddedError with the API's words
   */
  request<Data>(document: string, variables?: Record<string, unknown>): Promise<Data>;
};

type Answer<Data> = { data?: Data | null; errors?: { message: string }[] };
type Faulty = { userErrors?: { code: string; message: string }[] } | null;

const CHALLENGE = /* GraphQL */ `
  mutation DemonstrationChallenge($input: SessionChallengeCreateInput!) {
    sessionChallengeCreate(input: $input) { message userErrors { code message } }
  }
`;
const SIGN_IN = /* GraphQL */ `
  mutation DemonstrationSignIn($input: SessionCreateInput!) {
    sessionCreate(input: $input) { token userErrors { code message } }
  }
`;

/** Signs in with a wallet (EIP-4361). @throws EmbeddedError */
export async function openApiSession(
  api: string,
  account: LocalAccount,
  chainId: number,
): Promise<ApiSession> {
  const { sessionChallengeCreate } = await send<{ sessionChallengeCreate: { message: string } }>(
    api,
    null,
    CHALLENGE,
    {
      input: { address: account.address, chainId },
    },
  );
  const { message } = sessionChallengeCreate;
  const { origin } = new URL(api);
  checkSignInMessage(message, { address: account.address, chainId, origin, now: new Date() });
  const signature = await account.signMessage({ message });
  const { sessionCreate } = await send<{ sessionCreate: { token: string } }>(api, null, SIGN_IN, {
    input: { message, signature },
  });
  return { request: (document, variables = {}) => send(api, sessionCreate.token, document, variables) };
}

async function send<Data>(
  api: string,
  token: string | null,
  document: string,
  variables: Record<string, unknown>,
): Promise<Data> {
  const response = await fetch(`${api}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  const { data, errors = [] } = (await response.json()) as Answer<Data>;
  const faults = Object.values(data ?? {}).flatMap((payload) => (payload as Faulty)?.userErrors ?? []);
  const messages = [...errors, ...faults].map(({ message }) => message);
  if (messages.length > 0 || data === null || data === undefined) {
    throw new EmbeddedError(
      `The demonstration organization could not be made: the API answered ${messages.join(' ') || response.status}.`,
    );
  }
  return data;
}
