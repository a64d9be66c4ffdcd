import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Health } from '../health.ts';
import type { Logger } from '../logger.ts';
import { listen } from './listen.ts';
import { sendHealth } from './sendHealth.ts';

const REQUEST_TIMEOUT_MS = 5_000;

export type OperationsServer = { close(): Promise<void> };

/**
 * What operators ask a process, on a port that no client of the API reaches: `GET /health` (200 or 503, with the reasons) and
 * `GET /metrics` (Prometheus' text format). It asks nobody who they are.
 */
export async function startOperationsServer(options: {
  host: string;
  port: number;
  health: Health;
  registry: Registry;
  logger: Logger;
}): Promise<OperationsServer> {
  const { health, logger, registry } = options;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request.url ?? '', response).catch((error: unknown) => {
      logger.error({ err: error }, 'an operations request failed');
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/health') return sendHealth(health, response);
    if (path !== '/metrics') return void response.writeHead(404).end();
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  }
  await listen(server, options.port, options.host);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
