import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEvmClient } from '../../../chains/evm/client/evmClient.ts';
import { lostChain } from '../../../server/embedded/lostChain.ts';
import { startTestChain, type TestChain } from '../../kit/chain.ts';
import { createTestDatabase, type TestDatabase } from '../../kit/postgres.ts';

const BLOCKS = 20n;
const FINAL_DEPTH = 5n;

let chain: TestChain;
let testDatabase: TestDatabase;
let chainId: string;
beforeAll(async () => {
  [chain, testDatabase] = await Promise.all([startTestChain(), createTestDatabase()]);
});
afterAll(async () => {
  await Promise.all([chain?.stop(), testDatabase?.drop()]);
});

beforeEach(async () => {
  await chain.mine(Number(BLOCKS));
  chainId = await index();
});

/** Writes the newest blocks as the indexer does. @returns the uuid of the chain's row */
async function index(): Promise<string> {
  const { database } = testDatabase;
  await database.deleteFrom('block').execute();
  await database.deleteFrom('chain').execute();
  const head = await chain.client.getBlockNumber({ cacheTime: 0 });
  const blocks = await Promise.all(
    Array.from({ length: Number(BLOCKS) }, (_, back) =>
      chain.client.getBlock({ blockNumber: head - BigInt(back) }),
    ),
  );
  const { id } = await database
    .insertInto('chain')
    .values({
      caip2: 'eip155:31337',
      name: 'Embedded',
      family: 'EVM',
      confirmedDepth: 2,
      headNumber: head,
      headHash: blocks[0]?.hash ?? null,
      finalNumber: head - FINAL_DEPTH + 1n,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await database
    .insertInto('block')
    .values(
      blocks.map(({ number, hash, parentHash, timestamp }) => ({
        chainId: id,
        number,
        hash,
        parentHash,
        timestamp: new Date(Number(timestamp) * 1_000),
      })),
    )
    .execute();
  return id;
}

const look = () => lostChain(testDatabase.database, chainId, createEvmClient({ rpcUrl: chain.rpcUrl }));

test('a chain that grew is the same chain', async () => {
  expect(await look()).toBeNull();
  await chain.mine(3);
  expect(await look()).toBeNull();
});

test('a reorg inside finality is the indexer’s to handle', async () => {
  await chain.reorg(Number(FINAL_DEPTH) - 1);
  expect(await look()).toBeNull();
});

test('a chain that is shorter than what was final has lost blocks', async () => {
  await chain.client.request<RollbackMethod>({ method: 'anvil_rollback', params: [Number(FINAL_DEPTH)] });
  expect(await look()).toMatch(/lost blocks: block \d+ was final .* does not have it.* npm run reset/);
});

test('a chain with another block at a final height has lost blocks, even when it is longer by now', async () => {
  await chain.reorg(Number(FINAL_DEPTH));
  await chain.mine(10);
  expect(await look()).toMatch(/lost blocks: block \d+ was final .* has another one there.* npm run reset/);
});

test('a database that has indexed nothing can have lost nothing', async () => {
  await testDatabase.database.deleteFrom('block').execute();
  await testDatabase.database.updateTable('chain').set({ headNumber: null, finalNumber: null }).execute();
  expect(await look()).toBeNull();
});

type RollbackMethod = { Method: 'anvil_rollback'; Parameters: [depth: number]; ReturnType: null };
