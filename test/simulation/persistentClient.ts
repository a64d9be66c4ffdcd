import { setTimeout as delay } from 'node:timers/promises';
import { developmentAccount } from '../../server/embedded/developmentAccounts.ts';
import { createTestClient, type TestClient, type TestError } from '../kit/client.ts';
import { NeverCameError, withPatience } from './withPatience.ts';
import type { World } from './world.ts';

const RETRY_INTERVAL_MS = 100;
/** Also where many things run on few cores. */
const TIMEOUT_MS = 180_000;
/** Asking again would be answered the same. */
const FINAL_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
];

type Fault = { code: string; message: string };

/** A person's program: while the API is down, or says that it could not do something, it asks again. */
export type PersistentClient = {
  readonly token: string;
  /** @throws NeverCameError when the API stays away; Error on what asking again does not mend */
  ask<Data>(document: string, variables?: Record<string, unknown>, file?: string): Promise<Data>;
  /** What the API serves below a path. @throws NeverCameError */
  read(path: string): Promise<string>;
};

/** Signs in as a development account. */
export async function signIn(world: World, index: number): Promise<PersistentClient> {
  const account = developmentAccount(index);
  const nobody = createTestClient(world.api, null);
  const { sessionChallengeCreate } = await ask<{ sessionChallengeCreate: { message: string } }>(
    nobody,
    'mutation Challenge($input: SessionChallengeCreateInput!) { sessionChallengeCreate(input: $input) { message } }',
    { input: { address: account.address, chainId: world.chainId } },
  );
  const { message } = sessionChallengeCreate;
  const signature = await account.signMessage({ message });
  const { sessionCreate } = await ask<{ sessionCreate: { token: string | null; userErrors: Fault[] } }>(
    nobody,
    'mutation SignIn($input: SessionCreateInput!) { sessionCreate(input: $input) { token userErrors { code message } } }',
    { input: { message, signature } },
  );
  // The challenge was used: its answer was lost.
  if (sessionCreate?.token == null) return signIn(world, index);
  const client = createTestClient(world.api, sessionCreate.token);
  return {
    token: sessionCreate.token,
    ask: (document, variables = {}, file) => ask(client, document, variables, file),
    read: (path) =>
      withPatience(path, TIMEOUT_MS, async () => {
        const headers = { authorization: `Bearer ${sessionCreate.token}` };
        const response = await fetch(`${world.api}${path}`, { headers });
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        return response.text();
      }),
  };
}

async function ask<Data>(
  client: TestClient,
  document: string,
  variables: Record<string, unknown>,
  file?: string,
): Promise<Data> {
  const deadline = performance.now() + TIMEOUT_MS;
  let last: unknown = null;
  while (performance.now() < deadline) {
    try {
      const { data, errors } =
        file === undefined
          ? await client.send<Data>(document, variables)
          : await client.upload<Data>(document, variables, 'input.file', { name: 'payroll.csv', text: file });
      if (errors.length === 0 && data !== null) return data;
      const refused = errors.find(isFinal);
      if (refused !== undefined) throw new RefusedError(refused);
      last = errors;
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      last = error;
    }
    await delay(RETRY_INTERVAL_MS);
  }
  throw new NeverCameError('an answer of the API', { cause: last });
}

class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(error: TestError) {
    super(`The API refused: ${JSON.stringify(error)}`);
  }
}

function isFinal({ extensions }: TestError): boolean {
  return FINAL_CODES.includes(extensions?.code ?? '');
}
