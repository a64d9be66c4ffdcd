import type { ServerResponse } from 'node:http';
import type { Health } from '../health.ts';

/** Answers 200 when every check is well, 503 with the reasons otherwise. */
export async function sendHealth(health: Health, response: ServerResponse): Promise<void> {
  const report = await health.report();
  response.writeHead(report.ready ? 200 : 503, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(report));
}
