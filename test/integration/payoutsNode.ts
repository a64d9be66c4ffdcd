import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A way to a real node that holds calls as long as a test likes. Everything else that can happen to a call, the kit's
 * proxy does (test/kit/nodeProxy.ts): its failpoints act once each, and here every call of a method is held.
 */
export type HoldingNode = {
  rpcUrl: string;
  /** Requests that name this method are held from now on. Resolves when the first of them is. */
  hold(method: string): Promise<void>;
  /** Those that are held go on to the node, and none is held any more. */
  pass(): void;
  /** Ends every connection: what is held never reaches the node. */
  stop(): Promise<void>;
};

type Hold = { method: string; begun: PromiseWithResolvers<void>; ended: PromiseWithResolvers<void> };

export async function startHoldingNode(target: string): Promise<HoldingNode> {
  let current: Hold | null = null;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    if (current !== null && body.includes(`"${current.method}"`)) {
      current.begun.resolve();
      await current.ended.promise;
    }
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(target, { method: 'POST', headers, body });
    response.writeHead(answer.status, headers).end(await answer.text());
  };
  const server = createServer((request, response) => {
    // A client that is killed in between breaks the connection: that is what this is for.
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (method) => {
      current = { method, begun: Promise.withResolvers(), ended: Promise.withResolvers() };
      return current.begun.promise;
    },
    pass: () => {
      current?.ended.resolve();
      current = null;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
