import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresProxy, startPostgresProxy } from '../kit/postgresProxy.ts';
import { eventually } from './payoutsEventually.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// A database server that dies, or a way to it that breaks, may leave connections behind that are never answered.

/** Each of the worker's loops, of its runners of jobs, and of its listeners has met one. */
const MUTED_CONNECTIONS = 14;

let kit: PayoutsKit;
let proxy: PostgresProxy;
beforeAll(async () => {
  kit = await startPayoutsKit();
  proxy = await startPostgresProxy(kit.testDatabase.appUrl);
});
afterAll(async () => {
  await kit?.stop();
  await proxy?.stop();
});

test('a worker whose connections were taken and never answered works again when the database does', async () => {
  await kit.startProcess('worker', { databaseUrl: proxy.urlOf(kit.testDatabase.appUrl) });
  proxy.mute();
  proxy.cut();
  await eventually(async () => expect(proxy.mutedCount()).toBeGreaterThanOrEqual(MUTED_CONNECTIONS));
  proxy.unmute();
  const lines = payees(3, 1);
  const batchId = await kit.submitBatch(await kit.openAccount(totalOf(lines)), lines);
  await eventually(async () => {
    await kit.mine();
    expect(await kit.batch(batchId)).toMatchObject({ status: 'COMPLETED' });
  });
  await kit.requirePaidOnce(lines);
});
