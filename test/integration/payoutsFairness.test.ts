import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { MAX_BLOCKS_OF_GAS_IN_FLIGHT } from '../../payouts/relayer/laneRoom.ts';
import { runJobs } from './payoutsJobs.ts';
import { type PayoutsKit, startPayoutsKits } from './payoutsKit.ts';
import { type Payee, payees, totalOf } from './payoutsSeed.ts';

// A large batch is being paid, and small ones of other accounts are approved, on its chain and on another. Blocks are as
// large as today's chains have them, and come when everything that a worker can do is done.

const CHAIN_IDS = [31_337, 31_338];
const BLOCK_GAS_LIMIT = 60_000_000n;
const LARGE = 12_000;
const SMALL = 3;
/** As many as may be opening at once. */
const ACCOUNTS_AT_ONCE = 5;
const BATCHES_PER_ACCOUNT = 2;
/** Of full chunks, at most so many blocks are in flight: none uses half of the gas that it is given. */
const BLOCKS_IN_FLIGHT = Number(MAX_BLOCKS_OF_GAS_IN_FLIGHT) / 2;
const MOST_BLOCKS = 40;
const UNITS_PER_ACCOUNT = 1_000_000_000n;

let kits: PayoutsKit[];
let engine: PayoutEngine;
beforeAll(async () => {
  kits = await startPayoutsKits(CHAIN_IDS);
  engine = required(kits[0], 'A chain').engine();
});
afterAll(() => kits?.[0]?.stop());

let first = 80_000_000;
function newLines(count: number): Payee[] {
  first += count;
  return payees(count, first - count);
}

type Small = { kit: PayoutsKit; lines: Payee[]; batchId: string; turn: number };

/** Small batches with all signatures but the last, several an account: each of them goes after the one before. */
async function askForSmall(kit: PayoutsKit): Promise<Small[]> {
  const accounts = await kit.openAccounts(ACCOUNTS_AT_ONCE, UNITS_PER_ACCOUNT);
  const batches: Small[] = [];
  for (const account of accounts) {
    for (let turn = 0; turn < BATCHES_PER_ACCOUNT; turn += 1) {
      const lines = newLines(SMALL);
      batches.push({ kit, lines, turn, batchId: await kit.submitBatch(account, lines, { grants: 1 }) });
    }
  }
  return batches;
}

async function approveAll(batches: readonly Small[]) {
  for (const { kit, batchId } of batches) await kit.grant(batchId, required(kit.approvers[1], 'An approver'));
}

/** What a worker does between two blocks, then one block on each chain. */
async function block() {
  await runJobs(required(kits[0], 'A chain'), engine);
  await recover(engine, { patient: false });
  for (const kit of kits) await kit.mine();
}

async function isIncluded({ kit, batchId, lines }: Small): Promise<boolean> {
  const { includedCount, confirmedCount, finalCount } = await kit.batch(batchId);
  return includedCount + confirmedCount + finalCount === lines.length;
}

/** By batch: in how many blocks from now it was included. */
async function blocksUntilIncluded(batches: readonly Small[], most: number): Promise<Map<string, number>> {
  const included = new Map<string, number>();
  for (let count = 1; count <= most && included.size < batches.length; count += 1) {
    await block();
    for (const batch of batches) {
      if (!included.has(batch.batchId) && (await isIncluded(batch))) included.set(batch.batchId, count);
    }
  }
  return included;
}

const worst = (batches: readonly Small[], blocks: ReadonlyMap<string, number>, turn: number): number =>
  Math.max(
    ...batches
      .filter((batch) => batch.turn === turn)
      .map(({ batchId }) => blocks.get(batchId) ?? Number.POSITIVE_INFINITY),
  );

test('small batches wait for what is in flight, never for what a large one still has to send', async () => {
  const home = required(kits[0], 'A chain');
  const alone = await askForSmall(home);
  const beside: Small[] = [];
  for (const kit of [home, ...kits]) beside.push(...(await askForSmall(kit)));
  await home.chain.client.setBlockGasLimit({ gasLimit: BLOCK_GAS_LIMIT });
  await approveAll(alone);
  const blocksAlone = await blocksUntilIncluded(alone, MOST_BLOCKS);
  for (let turn = 0; turn < BATCHES_PER_ACCOUNT; turn += 1) {
    // The open of each waits until the one before it of the same account is seen.
    expect(worst(alone, blocksAlone, turn)).toBe(turn + 1);
  }

  const lines = newLines(LARGE);
  const account = await home.openAccount(totalOf(lines));
  const batchId = await home.submitBatch(account, lines);
  // Open, then under way with all that it may have.
  await block();
  await block();
  await approveAll(beside);
  const blocksBeside = await blocksUntilIncluded(beside, MOST_BLOCKS);
  const large = await home.batch(batchId);
  const [here, there] = kits.map((kit) => beside.filter((batch) => batch.kit === kit));
  for (let turn = 0; turn < BATCHES_PER_ACCOUNT; turn += 1) {
    expect(worst(here ?? [], blocksBeside, turn)).toBeLessThanOrEqual((turn + 1) * (1 + BLOCKS_IN_FLIGHT));
    expect(worst(there ?? [], blocksBeside, turn)).toBe(turn + 1);
  }
  // The large one went on meanwhile, and had much left to send.
  expect(large.status).toBe('EXECUTING');
  expect(large.pendingCount).toBeGreaterThan(0);
  expect(large.includedCount + large.confirmedCount + large.finalCount).toBeGreaterThan(0);

  for (let count = 0; (await home.batch(batchId)).status !== 'COMPLETED'; count += 1) {
    expect(count).toBeLessThan(MOST_BLOCKS);
    await block();
  }
  for (const small of [...alone, ...beside]) await small.kit.requirePaidOnce(small.lines);
});
