import * as fc from 'fast-check';
import { sql } from 'kysely';
import type { Address } from 'viem';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeExecuteChunk } from '../../chains/evm/codec/encodeExecuteChunk.ts';
import { manifestTree } from '../../chains/evm/codec/manifest.ts';
import { advanceBatch } from '../../payouts/advanceBatch.ts';
import { recover } from '../../payouts/recover.ts';
import { loadManifest } from '../../resolvers/payoutBatch/loadManifest.ts';
import { type PayoutsKit, startPayoutsKit } from './payoutsKit.ts';
import { disturbNode } from './payoutsNode.ts';
import { sendAsStranger } from './payoutsSafe.ts';
import { payees, totalOf } from './payoutsSeed.ts';

// Whatever happens between two looks at a batch, and however many look at once: no chunk has two live transactions, and
// in the end everybody is paid once.

const SEND = 'eth_sendRawTransaction';
const LINES = 450;
const MAX_REORG_DEPTH = 2;
const MAX_STEPS_TO_THE_END = 80;
const RUNS = 10;
const TIMEOUT_MS = 240_000;

const STEPS = [
  'ADVANCE',
  'ADVANCE_BY_THREE_AT_ONCE',
  'ADVANCE_UNHEARD',
  'MINE',
  'RECOVER',
  'DROP_POOL',
  'STRANGER',
  'REORG',
] as const;
type Step = (typeof STEPS)[number];

let kit: PayoutsKit;
beforeAll(async () => {
  kit = await startPayoutsKit();
});
afterAll(() => kit?.stop());

const perform: Record<Step, (batchId: string) => Promise<unknown>> = {
  ADVANCE: (batchId) => advanceBatch(kit.engine(), batchId),
  ADVANCE_BY_THREE_AT_ONCE: (batchId) =>
    Promise.all(Array.from({ length: 3 }, () => advanceBatch(kit.engine(), batchId))),
  // As if the worker had been killed between commit and send.
  ADVANCE_UNHEARD: async (batchId) => {
    const node = await disturbNode(kit.chain.rpcUrl);
    node.treat(SEND, 'DROP');
    await advanceBatch(kit.engine({ rpcUrl: node.rpcUrl }), batchId);
    await node.stop();
  },
  MINE: () => kit.mine(),
  RECOVER: () => recover(kit.engine(), { patient: false }),
  DROP_POOL: () => dropPool(),
  STRANGER: (batchId) => executeFirstChunk(batchId),
  REORG: async () => {
    await kit.chain.reorg(MAX_REORG_DEPTH);
    await kit.untilIndexed();
  },
};

async function dropPool() {
  await kit.chain.client.request<{ Method: 'anvil_dropAllTransactions'; Parameters: []; ReturnType: null }>({
    method: 'anvil_dropAllTransactions',
    params: [],
  });
}

async function executeFirstChunk(batchId: string) {
  const batch = await kit.batch(batchId);
  const manifest = await loadManifest(kit.database, batch);
  const [rows] = manifest.chunks;
  const proof = manifestTree(manifest).proof(0);
  const data = encodeExecuteChunk({ chunkIndex: 0, rows: rows ?? new Uint8Array(), proof });
  await sendAsStranger(kit, batch.vaultAddress as Address, data);
}

async function liveTransactions(batchId: string) {
  const { rows } = await sql<{ kind: string; chunkIndex: number | null; count: number }>`
    select kind, chunk_index, count(*)::int as count from chain_transaction
    where batch_id = ${batchId} and raw_transaction is not null and status not in ('REVERTED', 'REPLACED')
    group by kind, chunk_index`.execute(kit.database);
  return rows;
}

let first = 0;
test(
  'no sequence of looks, losses, strangers and reorgs makes two live transactions for a chunk',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...STEPS), { minLength: 4, maxLength: 16 }),
        async (steps) => {
          first += 10_000;
          const lines = payees(LINES, first);
          const account = await kit.openAccount(totalOf(lines));
          const batchId = await kit.submitBatch(account, lines);
          await kit.mine(MAX_REORG_DEPTH);
          for (const step of steps) {
            await perform[step](batchId);
            for (const { count } of await liveTransactions(batchId)) expect(count).toBe(1);
          }
          for (let step = 0; (await kit.batch(batchId)).status !== 'COMPLETED'; step += 1) {
            expect(step).toBeLessThan(MAX_STEPS_TO_THE_END);
            await perform.ADVANCE(batchId);
            await perform.RECOVER(batchId);
            await perform.MINE(batchId);
            for (const { count } of await liveTransactions(batchId)) expect(count).toBe(1);
          }
          await kit.requirePaidOnce(lines);
        },
      ),
      { numRuns: RUNS, interruptAfterTimeLimit: TIMEOUT_MS / 2 },
    );
  },
  TIMEOUT_MS,
);
