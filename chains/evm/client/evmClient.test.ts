import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { pino } from 'pino';
import { BaseError, erc20Abi, HttpRequestError, RpcRequestError, zeroAddress } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { createEvmClient } from './evmClient.ts';

const KEY = 'k3yThatIsPaidFor';
const QUERY_KEY = 'an0therKeyInTheQuery';
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A node's URL with keys in it. @param answer says what the node does with a request, given its URL */
async function startNode(answer: (response: ServerResponse, url: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, `http://${request.headers.host}${request.url}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/${KEY}?auth=${QUERY_KEY}`;
}

async function errorOf(asked: Promise<unknown>): Promise<BaseError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BaseError)) throw new Error('The node answered.', { cause: error });
  return error;
}

/** Everything that a log line, a job's last error or somebody's console could show of an error. */
function everythingOf(error: Error): string {
  const lines: string[] = [];
  const logger = pino(
    { serializers: { err: pino.stdSerializers.errWithCause } },
    { write: (line: string) => lines.push(line) },
  );
  logger.error({ err: error }, 'failed');
  logger.error(new AggregateError([error], 'some failed'));
  return [...lines, inspect(error, { depth: 20, showHidden: true }), error.message, error.stack].join('\n');
}

function requireNoUrl(error: Error, rpcUrl: string): void {
  const shown = everythingOf(error);
  for (const secret of [KEY, QUERY_KEY, new URL(rpcUrl).host]) expect(shown).not.toContain(secret);
}

function ask(rpcUrl: string): Promise<unknown>[] {
  const client = createEvmClient({ rpcUrl });
  return [
    client.getChainId(),
    client.call({ to: zeroAddress, data: '0x01' }),
    client.readContract({ address: zeroAddress, abi: erc20Abi, functionName: 'totalSupply' }),
    client.request({ method: 'eth_sendRawTransaction', params: ['0x02'] }),
  ];
}

describe('errors of a node', () => {
  it('do not hold its URL when nobody listens, and say so', async () => {
    const rpcUrl = await startNode(() => {});
    for (const close of closers.splice(0)) close();
    for (const asked of ask(rpcUrl)) {
      const error = await errorOf(asked);
      requireNoUrl(error, rpcUrl);
      expect(error.message).toContain('ECONNREFUSED');
      expect(error.walk((cause) => cause instanceof HttpRequestError)).not.toBeNull();
    }
  });

  it('do not hold it when the provider turns the key away and repeats it', async () => {
    const rpcUrl = await startNode((response, url) => {
      response.writeHead(401, { 'content-type': 'application/json', 'x-asked': url });
      response.end(JSON.stringify({ error: { message: `no such key in ${url}: ${KEY}` } }));
    });
    for (const asked of ask(rpcUrl)) requireNoUrl(await errorOf(asked), rpcUrl);
  });

  it('do not hold it when the node answers with an error, whose words and class stay', async () => {
    const rpcUrl = await startNode((response, url) => {
      const error = { code: -32000, message: `nonce too low, says ${url}`, data: '0x' };
      response.end(JSON.stringify([0, 1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, error }))));
    });
    const error = await errorOf(createEvmClient({ rpcUrl }).getChainId());
    requireNoUrl(error, rpcUrl);
    const answer = error.walk((cause) => cause instanceof RpcRequestError);
    expect(answer).toMatchObject({ code: -32000, details: 'nonce too low, says [node]' });
  });

  it('keep what a contract reverted with', async () => {
    const rpcUrl = await startNode((response) => {
      const data = `0x08c379a0${'20'.padStart(64, '0')}${'4'.padStart(64, '0')}${'66756c6c'.padEnd(64, '0')}`;
      const error = { code: 3, message: 'execution reverted: full', data };
      response.end(JSON.stringify([0, 1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, error }))));
    });
    const client = createEvmClient({ rpcUrl });
    const error = await errorOf(
      client.readContract({ address: zeroAddress, abi: erc20Abi, functionName: 'totalSupply' }),
    );
    requireNoUrl(error, rpcUrl);
    expect(error.shortMessage).toContain('full');
  });
});
