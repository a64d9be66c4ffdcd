import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient, type SubscribePayload } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { encodeNodeId } from '../../core/ids.ts';
import { loadPersistedOperations } from '../../server/http/persistedOperations.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { temporaryDirectory } from '../kit/temporaryDirectory.ts';
import { seedPayer } from './importSeed.ts';
import { signIn } from './subscriptionsApi.ts';

const KNOWN = 'query Known { __typename }';
const WATCH = 'subscription Watch($id: ID!) { payoutBatchUpdated(payoutBatchId: $id) { cursor } }';
const PARTNERS = 'query Partners { viewer { user { displayName } } }';
const UNKNOWN = 'query Unknown { __typename }';
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const manifestOf = (...texts: string[]) =>
  JSON.stringify(Object.fromEntries(texts.map((text) => [hashOf(text), text])));
const byHash = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
});

const directory = temporaryDirectory();
const partners = join(directory, 'partners');
const clientManifest = join(directory, 'generated', 'persistedDocuments.json');
mkdirSync(partners);
mkdirSync(join(directory, 'generated'));
writeFileSync(clientManifest, manifestOf(KNOWN, WATCH));
writeFileSync(join(partners, 'acme.json'), manifestOf(PARTNERS));
writeFileSync(join(partners, 'README.md'), 'is no manifest');

type Answer = { data?: unknown; errors?: readonly { extensions?: Record<string, unknown> }[] };
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions?.code;

const variables = { CLIENT_DIRECTORY: directory, PERSISTED_OPERATIONS_DIRECTORY: partners };
let open: TestApi;
let strict: TestApi;
let token: string;
beforeAll(async () => {
  open = await startTestApi({ variables });
  strict = await startTestApi({ variables: { ...variables, PERSISTED_ONLY: 'true' }, mode: 'development' });
  const { organizationId } = await seedPayer(strict.log.database);
  token = (await signIn(strict.log, organizationId, ['VIEWER'])).token;
});
afterAll(async () => {
  await open?.close();
  await strict?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function post(api: TestApi, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${api.origin}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Answer;
}

/** The first message of an operation of a member's on a WebSocket of its own. */
async function overWebSocket(payload: object): Promise<Answer> {
  const client = createClient({
    url: `${strict.origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  try {
    for await (const message of client.iterate({ query: '', ...payload } as SubscribePayload)) {
      return message as Answer;
    }
    throw new Error('The stream ended without a message.');
  } catch (errors) {
    if (!Array.isArray(errors)) throw errors;
    return { errors };
  } finally {
    await client.dispose();
  }
}

/** The same over server-sent events. */
async function overSse(payload: object): Promise<Answer> {
  const client = createSseClient({
    url: `${strict.origin}/graphql`,
    retryAttempts: 0,
    headers: { authorization: `Bearer ${token}` },
  });
  try {
    for await (const message of client.iterate({ ...payload } as { query: string })) {
      return message as Answer;
    }
    throw new Error('The stream ended without a message.');
  } finally {
    client.dispose();
  }
}

describe('over HTTP', () => {
  test.each([
    ['extensions', byHash(KNOWN)],
    ['documentId', { documentId: hashOf(KNOWN) }],
    ['documentId with its algorithm', { documentId: `sha256:${hashOf(KNOWN)}` }],
    ['the hash and the text', { ...byHash(KNOWN), query: KNOWN }],
  ])('an operation is known by %s', async (_name, body) => {
    expect(await post(open, body)).toMatchObject({ data: { __typename: 'Query' } });
    expect(await post(strict, body)).toMatchObject({ data: { __typename: 'Query' } });
  });

  test('a GET knows it too, and asks for the preflight where a session is', async () => {
    const path = `/graphql?extensions=${encodeURIComponent(JSON.stringify(byHash(KNOWN).extensions))}`;
    const answer = await fetch(`${open.origin}${path}`);
    expect(await answer.json()).toMatchObject({ data: { __typename: 'Query' } });
    const navigated = await fetch(`${strict.origin}${path}`, {
      headers: { accept: 'text/html', cookie: `pb_session=${token}` },
    });
    expect(navigated.status).toBe(400);
  });

  test('what is not known is told so, and stays unknown whatever is sent', async () => {
    for (const api of [open, strict]) {
      expect(codeOf(await post(api, byHash(UNKNOWN)))).toBe('PERSISTED_QUERY_NOT_FOUND');
      expect(codeOf(await post(api, { ...byHash(UNKNOWN), query: UNKNOWN }))).toBe(
        'PERSISTED_QUERY_NOT_FOUND',
      );
      expect(codeOf(await post(api, byHash(UNKNOWN)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    }
  });

  test.each([
    ['another text than the hash’s', { ...byHash(KNOWN), query: UNKNOWN }, 'BAD_USER_INPUT'],
    ['a number', { documentId: 7 }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a name of an object', { documentId: '__proto__' }, 'PERSISTED_QUERY_NOT_FOUND'],
    [
      'another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf(KNOWN) } } },
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['no object', { extensions: { persistedQuery: 'x' } }, 'PERSISTED_QUERY_NOT_FOUND'],
  ])('%s is refused', async (_name, body, code) => {
    expect(codeOf(await post(open, body))).toBe(code);
  });

  test('free text is answered unless only persisted operations are', async () => {
    expect(await post(open, { query: UNKNOWN })).toEqual({ data: { __typename: 'Query' } });
    expect(codeOf(await post(strict, { query: UNKNOWN }))).toBe('PERSISTED_QUERY_REQUIRED');
    // Not even one that is known: the hash is what says so.
    expect(codeOf(await post(strict, { query: KNOWN }))).toBe('PERSISTED_QUERY_REQUIRED');
    expect(codeOf(await post(strict, {}))).toBe('PERSISTED_QUERY_REQUIRED');
    const page = await fetch(`${strict.origin}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('graphiql');
    expect((await fetch(`${strict.origin}/health`)).status).toBe(200);
  });

  test('partners have manifests of their own', async () => {
    expect(await post(strict, byHash(PARTNERS))).toEqual({ data: { viewer: null } });
  });
});

describe.each([
  { transport: 'WebSocket', send: overWebSocket },
  { transport: 'server-sent events', send: overSse },
])('over $transport', ({ send }) => {
  test('a subscription and a query are known by their hash', async () => {
    const id = encodeNodeId('PayoutBatch', randomUUID());
    expect(codeOf(await send({ ...byHash(WATCH), variables: { id } }))).toBe('NOT_FOUND');
    expect(await send({ documentId: hashOf(KNOWN) })).toMatchObject({ data: { __typename: 'Query' } });
  });

  test('other hashes and free text are refused', async () => {
    expect(codeOf(await send(byHash(UNKNOWN)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(codeOf(await send({ query: UNKNOWN }))).toBe('PERSISTED_QUERY_REQUIRED');
    expect(codeOf(await send({ ...byHash(UNKNOWN), query: UNKNOWN }))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('a manifest', () => {
  const load = (options: Partial<Parameters<typeof loadPersistedOperations>[0]>) =>
    loadPersistedOperations({ clientManifest, directory: null, isOnly: false, ...options });
  const write = (name: string, text: string) => {
    const folder = join(directory, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'partner.json'), text);
    return folder;
  };

  test('whose hashes are not its documents’ is refused, with its name', () => {
    const folder = write('forged', JSON.stringify({ [hashOf(KNOWN)]: UNKNOWN }));
    expect(() => load({ directory: folder })).toThrow(`${join(folder, 'partner.json')}: ${hashOf(KNOWN)}`);
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no texts', JSON.stringify({ [hashOf(KNOWN)]: 7 })],
  ])('of %s is refused, with its name', (name, text) => {
    const folder = write(name, text);
    expect(() => load({ directory: folder })).toThrow(join(folder, 'partner.json'));
  });

  test('of the client may be missing, unless nothing could be asked then', () => {
    const missing = join(directory, 'missing.json');
    expect(load({ clientManifest: missing }).count).toBe(0);
    expect(() => load({ clientManifest: missing, isOnly: true })).toThrow(missing);
    expect(() => load({ directory: join(directory, 'nowhere') })).toThrow('PERSISTED_OPERATIONS_DIRECTORY');
  });
});
