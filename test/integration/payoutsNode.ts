import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * PASS: to the node and back. PAUSE: the same, but not before the method is treated otherwise. HOLD: never reaches the
 * node, the connection stays open. DROP: never reaches the node, the connection breaks. FORGET_ANSWER: reaches the node,
 * then the connection breaks.
 */
export type Treatment = 'PASS' | 'PAUSE' | 'HOLD' | 'DROP' | 'FORGET_ANSWER';

/** A way to a real node that can be disturbed. */
export type DisturbedNode = {
  rpcUrl: string;
  /** How requests that name this method are treated from now on. */
  treat(method: string, treatment: Treatment): void;
  /** Resolves when a request of this method has been paused or held, or its answer forgotten. */
  disturbed(method: string): Promise<void>;
  /** Connections are refused, until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
};

export async function disturbNode(target: string): Promise<DisturbedNode> {
  const treatments = new Map<string, Treatment>();
  const waiting = new Map<string, () => void>();
  const paused = new Map<string, PromiseWithResolvers<void>>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const [method, treatment] = [...treatments].find(([name]) => body.includes(`"${name}"`)) ?? ['', 'PASS'];
    if (treatment === 'PAUSE') {
      waiting.get(method)?.();
      await paused.get(method)?.promise;
    }
    if (treatment === 'DROP') response.destroy();
    else if (treatment !== 'HOLD') {
      const answer = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const content = await answer.text();
      if (treatment !== 'FORGET_ANSWER') {
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(content);
        return;
      }
      response.destroy();
    }
    waiting.get(method)?.();
  };
  let server = await listen(handle, 0);
  const { port } = server.address() as AddressInfo;
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    treat: (method, treatment) => {
      treatments.delete(method);
      paused.get(method)?.resolve();
      paused.set(method, Promise.withResolvers());
      if (treatment !== 'PASS') treatments.set(method, treatment);
    },
    disturbed: (method) => new Promise((resolve) => waiting.set(method, resolve)),
    down: () => close(server),
    up: async () => {
      server = await listen(handle, port);
    },
    stop: () => close(server),
  };
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => {
    // A client that is killed in between breaks the connection: that is what this is for.
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
