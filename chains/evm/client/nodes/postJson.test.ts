import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createPostJson } from './postJson.ts';

const ANSWER = JSON.stringify({ jsonrpc: '2.0', id: 0, result: '0x1'.padEnd(50_000, '0') });

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** @returns its URL, with a user and a password */
async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://user:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}/path?key=1`;
}

test('posts JSON with the credentials as a header, over one connection', async () => {
  const asked: (string | undefined)[][] = [];
  const connections = new Set<unknown>();
  const post = createPostJson(
    await serve((request, response) => {
      connections.add(request.socket);
      asked.push([request.method, request.url, request.headers.authorization]);
      request.pipe(response.writeHead(200));
    }),
  );
  for (const json of ['{}', '["ü"]']) {
    expect(await post(json)).toEqual({ status: 200, statusText: 'OK', retryAfter: null, body: json });
  }
  const credentials = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(asked).toEqual(Array.from({ length: 2 }, () => ['POST', '/path?key=1', credentials]));
  expect(connections.size).toBe(1);
});

test('what a node compressed is read', async () => {
  const post = createPostJson(
    await serve(({ headers }, response) => {
      expect(headers['accept-encoding']).toBe('gzip');
      response.writeHead(503, { 'content-encoding': 'gzip', 'retry-after': '7' }).end(gzipSync(ANSWER));
    }),
  );
  expect(await post('{}')).toMatchObject({ status: 503, retryAfter: '7', body: ANSWER });
});

test('a redirect is an answer, and followed nowhere', async () => {
  let elsewhere = 0;
  const other = await serve((_, response) => {
    elsewhere += 1;
    response.end();
  });
  const post = createPostJson(
    await serve((_, response) => response.writeHead(307, { location: other }).end()),
  );
  expect(await post('{}')).toMatchObject({ status: 307 });
  expect(elsewhere).toBe(0);
});

test.each([{}, { 'content-encoding': 'gzip' }])(
  'an answer that breaks off is no answer: %j',
  async (headers: Record<string, string>) => {
    const bytes = 'content-encoding' in headers ? gzipSync(ANSWER) : Buffer.from(ANSWER);
    const post = createPostJson(
      await serve((_, response) => {
        response.writeHead(200, headers);
        response.write(bytes.subarray(0, bytes.length - 20), () => response.destroy());
      }),
    );
    await expect(post('{}')).rejects.toThrow();
  },
);

test('what says that it is compressed and is not is no answer', async () => {
  const post = createPostJson(
    await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(ANSWER)),
  );
  await expect(post('{}')).rejects.toThrow();
});

test('who does not listen is told by the system’s code', async () => {
  const url = await serve(() => {});
  const [server] = servers.splice(0);
  const closed = once(server as Server, 'close');
  server?.close();
  await closed;
  await expect(createPostJson(url)('{}')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
