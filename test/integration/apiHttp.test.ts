import { createHash } from 'node:crypto';
import { parse, validate } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { parseManifest } from '../../chains/evm/codec/parseManifest.ts';
import { schema } from '../../schema/schema.ts';
import { GRAPHIQL_OPTIONS } from '../../server/http/graphiql.ts';
import { MAX_ANONYMOUS_BODY_BYTES } from '../../server/http/requestHandler.ts';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { nodeId, type Seed, type SeededOrganization, seedWorld } from '../kit/seed.ts';

const FRONTEND = 'http://localhost:5173';

let api: TestApi;
let seed: Seed;
let acme: SeededOrganization;
beforeAll(async () => {
  api = await startTestApi({ mode: 'development', allowedOrigins: [FRONTEND] });
  seed = await seedWorld(api);
  acme = await seed.organization('Acme', { alice: ['PROPOSER', 'APPROVER'], bob: ['APPROVER'] });
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };
const call = (init: RequestInit & { path?: string }) =>
  fetch(`${api.origin}${init.path ?? '/graphql'}`, init);
const typename = JSON.stringify({ query: '{ __typename }' });

describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => `${api.origin}/graphql`, fetchFn: fetch });
  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))(
    '%s: %s',
    async (_id, _name, audit) => {
      const result = await audit.fn();
      expect(result.status, 'reason' in result ? result.reason : '').toBe('ok');
    },
  );

  it('has audits to pass', () => expect(audits.length).toBeGreaterThan(50));
});

describe('requests that a page of another site could send', () => {
  const session = () => ({ cookie: `pb_session=${acme.people.alice?.client.token}` });

  it.each([
    ['multipart/form-data; boundary=x'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/graphql'],
  ])('takes %s only with the preflight header', async (contentType) => {
    const headers = { ...session(), 'content-type': contentType };
    const refused = await call({ method: 'POST', headers, body: typename });
    expect(refused.status).toBe(415);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'PREFLIGHT_REQUIRED' } }] });
  });

  it('takes GET with a session only with the preflight header, and never a mutation', async () => {
    const path = '/graphql?query={viewer{user{id}}}';
    expect((await call({ path, headers: session() })).status).toBe(400);
    const asked = await call({ path, headers: { ...session(), 'graphql-require-preflight': '1' } });
    expect(await asked.json()).toMatchObject({ data: { viewer: { user: {} } } });
    const mutation = await call({
      path: `/graphql?query=${encodeURIComponent('mutation{sessionDelete(input:{}){signedOut}}')}`,
      headers: { ...session(), 'graphql-require-preflight': '1' },
    });
    expect(mutation.status).toBe(405);
  });

  it('refuses pages of other origins, over HTTP and WebSocket', async () => {
    const headers = { ...json, ...session(), origin: 'https://evil.example' };
    const refused = await call({ method: 'POST', headers, body: typename });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    for (const [origin, outcome] of [
      ['https://evil.example', 'refused'],
      [api.origin, 'open'],
    ] as const) {
      const socket = new WebSocket(`${api.origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        origin,
      });
      const seen = await new Promise((resolve) => {
        socket.once('open', () => resolve('open'));
        socket.once('error', () => resolve('refused'));
      });
      socket.terminate();
      expect(seen).toBe(outcome);
    }
  });

  it('tells browsers which origins may read its answers', async () => {
    const preflight = await call({
      method: 'OPTIONS',
      headers: { origin: api.origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(api.origin);
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  });
});

describe('a frontend on a server of its own', () => {
  const preflight = (path: string, method: string, origin: string) =>
    call({
      path,
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,graphql-require-preflight',
      },
    });

  it('may ask, with credentials, and read the answer', async () => {
    const allowed = await preflight('/graphql', 'POST', FRONTEND);
    expect(allowed.status).toBeLessThan(300);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    for (const header of ['authorization', 'content-type', 'graphql-require-preflight']) {
      expect(allowed.headers.get('access-control-allow-headers')).toContain(header);
    }
    const answer = await call({ method: 'POST', headers: { ...json, origin: FRONTEND }, body: typename });
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('signs people in under its own name', async () => {
    const query = `mutation { sessionChallengeCreate(input: {
      address: "${acme.people.alice?.wallet.address}", chainId: 31337 }) { message } }`;
    const body = JSON.stringify({ query });
    const answer = await call({ method: 'POST', headers: { ...json, origin: FRONTEND }, body });
    expect(await answer.json()).toMatchObject({
      data: {
        sessionChallengeCreate: { message: expect.stringMatching(/^localhost:5173 wants you to sign in/) },
      },
    });
  });

  it('may read manifests, as no other may', async () => {
    const path = `/manifests/${nodeId('Approval', '01990000-0000-7000-8000-000000000000')}`;
    const allowed = await preflight(path, 'GET', FRONTEND);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    const headers = { origin: FRONTEND, authorization: `Bearer ${acme.people.alice?.client.token}` };
    const answer = await call({ path, headers });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('access-control-allow-origin')).toBe(FRONTEND);
    expect(answer.headers.get('vary')?.toLowerCase()).toContain('origin');
    for (const other of ['http://localhost:5174', 'https://evil.example']) {
      expect((await preflight(path, 'GET', other)).headers.get('access-control-allow-origin')).toBeNull();
      expect((await preflight('/graphql', 'POST', other)).status).toBe(403);
    }
  });
});

describe('limits', () => {
  const limitOf = async (document: string, variables = {}) =>
    (await (acme.people.alice ?? fail()).client.send(document, variables)).errors[0]?.extensions;

  it('refuses documents that are too long, too deep or have too many parts', async () => {
    const deep = (levels: number): string =>
      levels === 0 ? 'id' : `batch { payouts { edges { node { ${deep(levels - 1)} } } } }`;
    const batch = nodeId('PayoutBatch', '00000000-0000-7000-8000-000000000000');
    const aliases = Array.from({ length: 51 }, (_, index) => `a${index}: id`).join(' ');
    const chains = Array.from({ length: 21 }, (_, index) => `a${index}: chains { id }`).join(' ');
    const inner = deep(5).replace('batch', `payoutBatch(id: "${batch}")`);
    expect(await limitOf(`{ ${inner} }`)).toMatchObject({ limit: 'MAX_OPERATION_DEPTH_LEVELS' });
    expect(await limitOf(`{ chains { ${aliases} } }`)).toMatchObject({ limit: 'MAX_ALIASES_PER_OPERATION' });
    expect(await limitOf(`{ ${chains} }`)).toMatchObject({ limit: 'MAX_ROOT_FIELDS_PER_OPERATION' });
    expect(await limitOf(`{ chains { ${'id '.repeat(5_001)} } }`)).toMatchObject({
      limit: 'MAX_DOCUMENT_TOKENS',
    });
    expect(await limitOf(`{ chains { id } } # ${'x'.repeat(50_000)}`)).toMatchObject({
      limit: 'MAX_DOCUMENT_CHARACTERS',
    });
  });

  it('refuses operations that could read too much, with variables counted', async () => {
    const document = `query ($id: ID!, $first: Int!) { organization(id: $id) {
      payoutBatches(first: $first) { edges { node { payouts(first: $first) { edges { node { id recipient } } } } } } } }`;
    expect(await limitOf(document, { id: acme.id, first: 100 })).toMatchObject({
      limit: 'MAX_OPERATION_COST_UNITS',
    });
    expect(await limitOf(document, { id: acme.id, first: 20 })).toBeUndefined();
  });

  it('refuses pages that are too large, and cursors of other lists', async () => {
    const page = (args: string) =>
      limitOf(`{ organization(id: "${acme.id}") { accounts(${args}) { edges { cursor } } } }`);
    expect(await page('first: 101')).toMatchObject({ limit: 'MAX_PAGE_SIZE' });
    expect(await page('first: -1')).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await page('after: "bm9wZQ"')).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('takes little from those who are not signed in', async () => {
    const body = JSON.stringify({
      query: '{ __typename }',
      variables: { padding: 'x'.repeat(MAX_ANONYMOUS_BODY_BYTES) },
    });
    expect((await call({ method: 'POST', headers: json, body })).status).toBe(413);
    const authorization = `Bearer ${acme.people.alice?.client.token}`;
    expect((await call({ method: 'POST', headers: { ...json, authorization }, body })).status).toBe(200);
  });
});

describe('errors', () => {
  it('masks what it did not mean to say, with an id that its log has too', async () => {
    await api.database.deleteFrom('asset').where('id', '=', seed.nativeUuid).execute();
    const { errors, headers } = await (acme.people.alice ?? fail()).client.send(
      '{ chains { nativeAsset { symbol } } }',
    );
    await api.database
      .insertInto('asset')
      .values({
        id: seed.nativeUuid,
        chainId: seed.chainUuid,
        caip19: 'native',
        symbol: 'ETH',
        decimals: 18,
        address: null,
      })
      .execute();
    const requestId = headers.get('x-request-id');
    expect(errors).toMatchObject([
      { extensions: { code: 'INTERNAL', requestId }, path: ['chains', 0, 'nativeAsset'] },
    ]);
    expect(errors[0]?.message).not.toMatch(/asset/);
    expect(api.loggedErrors).toContainEqual(expect.objectContaining({ requestId }));
  });
});

describe('what else is served', () => {
  it('shows GraphiQL with examples in development, to a browser, and loads nothing from elsewhere', async () => {
    const page = await call({ headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    expect(html).toContain('query Overview');
    for (const { query } of GRAPHIQL_OPTIONS.defaultTabs ?? []) {
      const document = parse(query ?? '');
      expect(document.definitions).toHaveLength(1);
      expect(validate(schema, document)).toEqual([]);
    }
    expect(html).not.toMatch(/<(script|link|img)[^>]*(src|href)=["']?https?:/);
  });

  it('tells health; metrics and other paths are not there', async () => {
    expect((await call({ path: '/health' })).status).toBe(200);
    await api.nobody.request('{ viewer { user { id } } }');
    expect((await call({ path: '/metrics' })).status).toBe(404);
    expect(await api.metrics.metrics()).toContain('graphql_operations_total{type="query",outcome="ok"}');
    expect((await call({ path: '/elsewhere' })).status).toBe(404);
    expect((await call({ path: '/health', method: 'POST' })).status).toBe(405);
  });

  it('hands a manifest to members, byte for byte what the signing request names', async () => {
    const account = await acme.account();
    const batch = await account.batch(450);
    const approvalId = await batch.submit();
    const { approval } = await (acme.people.bob ?? fail()).client.request<{
      approval: { signingRequest: { manifest: { url: string; sha256: string; byteSize: number } } };
    }>('query ($id: ID!) { approval(id: $id) { signingRequest { manifest { url sha256 byteSize } } } }', {
      id: nodeId('Approval', approvalId),
    });
    const { url, sha256, byteSize } = approval.signingRequest.manifest;
    const file = await fetch(url, { headers: { authorization: `Bearer ${acme.people.bob?.client.token}` } });
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.byteLength).toBe(byteSize);
    expect(`0x${createHash('sha256').update(bytes).digest('hex')}`).toBe(sha256);
    expect(parseManifest(bytes.toString()).chunks.length).toBeGreaterThan(2);
    const stranger = await seed.person('mallory');
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { authorization: `Bearer ${stranger.client.token}` } })).status).toBe(
      404,
    );
  });
});

function fail(): never {
  throw new Error('missing in the seed');
}
