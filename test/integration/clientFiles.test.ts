import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../kit/api.ts';
import { temporaryDirectory } from '../kit/temporaryDirectory.ts';

const INDEX = '<!doctype html><title>Client</title>';
const SCRIPT = `console.log('${'client '.repeat(100)}');`;
const ASSET = '/assets/index-B04FF4Jn.js';

const directory = temporaryDirectory();
const dist = join(directory, 'dist');
let api: TestApi;
let unbuilt: TestApi;
beforeAll(async () => {
  mkdirSync(join(dist, 'assets'), { recursive: true });
  build(INDEX);
  writeFileSync(join(dist, '.source'), 'one');
  writeFileSync(join(dist, '.hidden.html'), 'hidden');
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  api = await startTestApi({ mode: 'development', variables: { CLIENT_DIRECTORY: directory } });
  unbuilt = await startTestApi({ variables: { CLIENT_DIRECTORY: join(directory, 'nowhere') } });
});
afterAll(async () => {
  await api?.close();
  await unbuilt?.close();
  rmSync(directory, { recursive: true, force: true });
});

function build(index: string): void {
  writeFileSync(join(dist, 'index.html'), index);
  writeFileSync(join(dist, 'sw.js'), SCRIPT);
  writeFileSync(join(dist, 'manifest.webmanifest'), '{}');
  writeFileSync(join(dist, 'icon.svg'), '<svg/>');
  writeFileSync(join(dist, ASSET), SCRIPT);
  writeFileSync(join(dist, `${ASSET}.br`), brotliCompressSync(SCRIPT));
  writeFileSync(join(dist, `${ASSET}.gz`), gzipSync(SCRIPT));
}

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${api.origin}${path}`, { method, headers });

describe('files', () => {
  test('have their types, and are cached by whether their names change with them', async () => {
    for (const [path, type, caching] of [
      ['/', 'text/html; charset=utf-8', 'no-cache'],
      ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
      ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
      ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
      ['/icon.svg', 'image/svg+xml', 'no-cache'],
      [ASSET, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ] as const) {
      const answer = await call(path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('content-type'), path).toBe(type);
      expect(answer.headers.get('cache-control'), path).toBe(caching);
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  test.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br;q=0.5', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('come compressed to who accepts %s: %s', async (accepted, encoding) => {
    const answer = await call(ASSET, { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toBe('Accept-Encoding');
    expect(await answer.text()).toBe(SCRIPT);
  });

  test('that somebody has are not sent again', async () => {
    const etag = (await call('/sw.js')).headers.get('etag') ?? '';
    const again = await call('/sw.js', { 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await call('/sw.js', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('are described without their content, and change by nothing', async () => {
    const head = await call(ASSET, { 'accept-encoding': 'identity' }, 'HEAD');
    expect(head.headers.get('content-length')).toBe(`${SCRIPT.length}`);
    expect(await head.text()).toBe('');
    expect((await call(ASSET, {}, 'POST')).status).toBe(405);
    expect((await call('/', page, 'DELETE')).status).toBe(405);
  });

  test('outside the build, and hidden ones, are not there', async () => {
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/.hidden.html',
      '/.source',
      `${ASSET}.br`,
    ]) {
      // As it stands: fetch would resolve the dots itself.
      expect(await statusOf(path), path).toBe(404);
    }
  });
});

function statusOf(path: string): Promise<number | undefined> {
  const { port } = new URL(api.origin);
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

describe('the page', () => {
  test('is what a browser sees at every path of its own, with any query', async () => {
    for (const path of ['/', '/batches/abc', '/sign-in?from=elsewhere', '/deep/er']) {
      const answer = await call(path, page);
      expect(answer.status, path).toBe(200);
      expect(await answer.text(), path).toBe(INDEX);
    }
  });

  test('is not what a program gets, nor what is left of an earlier build', async () => {
    expect((await call('/batches/abc')).status).toBe(404);
    expect(await (await call('/batches/abc')).json()).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    expect((await call('/assets/index-OLD00000.js', page)).status).toBe(404);
  });

  test('does not take the place of the API', async () => {
    expect(await (await call('/graphql', page)).text()).toContain('GraphiQL');
    expect((await call('/health', page)).headers.get('content-type')).toContain('json');
    expect((await call('/manifests/abc', page)).headers.get('content-type')).toContain('json');
  });

  test('loads nothing from elsewhere, and nobody frames it or learns where it was', async () => {
    for (const path of ['/', '/batches/abc', '/sw.js']) {
      const { headers } = await call(path, page);
      const policy = new Map(
        (headers.get('content-security-policy') ?? '').split('; ').map((directive) => {
          const [name = '', ...sources] = directive.split(' ');
          return [name, sources.join(' ')];
        }),
      );
      expect(policy.get('default-src')).toBe("'self'");
      expect(policy.get('script-src')).toBe("'self'");
      expect(policy.get('connect-src')).toBe(`'self' ${api.origin.replace('http', 'ws')}`);
      for (const name of ['frame-ancestors', 'base-uri', 'form-action', 'object-src']) {
        expect(policy.get(name), name).toBe("'none'");
      }
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('camera=()');
    }
    // GraphiQL is one page with its script inside.
    expect((await call('/graphql', page)).headers.get('content-security-policy')).toBeNull();
  });

  test('is the one of the newest build while developing, and not of one that is under way', async () => {
    build('<!doctype html><title>Newer</title>');
    expect(await (await call('/', page)).text()).toBe(INDEX);
    writeFileSync(join(dist, '.source'), 'two');
    expect(await (await call('/', page)).text()).toContain('Newer');
  });
});

test('without a build a browser is told what to do, and the API answers', async () => {
  const answer = await fetch(`${unbuilt.origin}/batches`, { headers: page });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('npm run build');
  expect((await fetch(`${unbuilt.origin}/`)).status).toBe(404);
  expect(await unbuilt.nobody.request('{ __typename }')).toEqual({ __typename: 'Query' });
});
