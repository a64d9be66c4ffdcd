import { Gauge, Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../embedded/freePort.ts';
import { createHealth } from '../health.ts';
import { createLogger } from '../logger.ts';
import { type OperationsServer, startOperationsServer } from './operationsServer.ts';

let server: OperationsServer | null = null;
afterEach(() => server?.close());

test('tells health and metrics of a process that serves nothing else', async () => {
  const registry = new Registry();
  new Gauge({ name: 'blocks_behind', help: 'Blocks.', registers: [registry] }).set(7);
  const health = createHealth();
  const port = await freePort();
  const logger = createLogger('test', 'silent');
  server = await startOperationsServer({ host: '127.0.0.1', port, health, registry, logger });
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

  expect((await get('/health')).status).toBe(200);
  health.add('indexer', async () => 'a final block was lost');
  const faulty = await get('/health');
  expect(faulty.status).toBe(503);
  expect(await faulty.json()).toEqual({
    ready: false,
    reasons: [{ check: 'indexer', reason: 'a final block was lost' }],
  });
  expect(await (await get('/metrics')).text()).toContain('blocks_behind 7\n');
  expect((await get('/graphql')).status).toBe(404);
});
