import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentUsdcAbi } from '../../../contracts/abi/developmentUsdc.ts';
import { startTestChain, type TestChain } from '../../kit/chain.ts';
import { createTestDatabase, type TestDatabase } from '../../kit/postgres.ts';

let chain: TestChain;
let testDatabase: TestDatabase;
beforeAll(async () => {
  [chain, testDatabase] = await Promise.all([startTestChain(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([chain?.stop(), testDatabase?.drop()]);
});

test('each test has a migrated database of its own, whose application role owns nothing', async () => {
  const other = await createTestDatabase();
  await testDatabase.database.insertInto('organization').values({ name: 'Here' }).execute();
  expect(await other.database.selectFrom('organization').selectAll().execute()).toEqual([]);
  await other.drop();
  const { rows } = await sql<{ owned: bigint; superuser: boolean }>`
    select (select count(*) from pg_class where pg_get_userbyid(relowner) = current_user) as owned,
      (select rolsuper from pg_roles where rolname = current_user) as superuser`.execute(
    testDatabase.database,
  );
  expect(rows).toEqual([{ owned: 0n, superuser: false }]);
});

test('a chain begins with every contract, and blocks come when they are asked for', async () => {
  const before = await chain.client.getBlockNumber({ cacheTime: 0 });
  await chain.mine(3);
  expect(await chain.client.getBlockNumber({ cacheTime: 0 })).toBe(before + 3n);
  for (const [name, address] of Object.entries(chain.contracts)) {
    expect(await chain.client.getCode({ address }), name).toBeDefined();
  }
  const [symbol, decimals] = await Promise.all([
    chain.client.readContract({
      address: chain.contracts.DevelopmentUSDC,
      abi: developmentUsdcAbi,
      functionName: 'symbol',
    }),
    chain.client.readContract({
      address: chain.contracts.DevelopmentUSDC,
      abi: developmentUsdcAbi,
      functionName: 'decimals',
    }),
  ]);
  expect([symbol, decimals]).toEqual(['USDC', 6]);
});

test('a reorg replaces blocks', async () => {
  await chain.mine(5);
  const head = await chain.client.getBlock();
  await chain.reorg(2);
  const replaced = await chain.client.getBlock({ blockNumber: head.number });
  expect(replaced.hash).not.toBe(head.hash);
});
