import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// A provider's key stands in the URL of its node. It must not be found where many look: in logs and in the database.

const KEY = 'k3yThatIsPaidFor';

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

test('a worker whose node is away keeps the node’s URL out of its log and out of the jobs that failed', async () => {
  const lines = payees(2, 1);
  await kit.submitBatch(await kit.openAccount(totalOf(lines)), lines);
  // No request is sent to the port of `discard`.
  const rpcUrl = `http://127.0.0.1:9/v3/${KEY}`;
  const worker = await kit.startProcess('worker', { rpcUrl, logLevel: 'debug' });
  // Which of its jobs fails, and with which words, depends on when the worker gives the node up.
  const errors = await eventually(async () => {
    const { rows } = await sql<{ lastError: string }>`
      select last_error from graphile_worker.jobs
      where task_identifier = 'batch.advance' and last_error is not null`.execute(kit.testDatabase.database);
    expect(rows).not.toHaveLength(0);
    return rows;
  });
  await worker.stop();
  expect(JSON.stringify(errors)).not.toContain(KEY);
  expect(worker.output()).toContain('HTTP request failed');
  expect(worker.output()).not.toContain(KEY);
});
