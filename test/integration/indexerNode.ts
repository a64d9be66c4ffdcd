import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a node is asked, and what the honest one answered; returns what is answered instead. */
export type Lie = (method: string, params: readonly unknown[], result: unknown) => unknown;

export type LyingNode = {
  rpcUrl: string;
  /** Null: the truth. */
  lie(lie: Lie | null): void;
  stop(): Promise<void>;
};

type Question = { id: number; method: string; params: unknown[] };
type Answer = { id: number; result?: unknown };

/**
 * A node that passes everything on to a real one, and may change what that answers. Any answer, into anything: the kit's
 * proxy (test/kit/nodeProxy.ts) tells lies of fixed kinds.
 */
export async function startLyingNode(honestRpcUrl: string): Promise<LyingNode> {
  let current: Lie | null = null;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const asked = JSON.parse(body) as Question | Question[];
    const honest = await fetch(honestRpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const answers = (await honest.json()) as Answer | Answer[];
    const questions = new Map([asked].flat().map((question) => [question.id, question]));
    for (const answer of [answers].flat()) {
      const question = questions.get(answer.id);
      if (current === null || question === undefined || answer.result === undefined) continue;
      answer.result = current(question.method, question.params, answer.result);
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    rpcUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: (lie) => {
      current = lie;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
