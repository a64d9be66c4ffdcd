import { afterAll, beforeAll, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import type { PayoutEngine } from '../../payouts/payoutEngine.ts';
import { recover } from '../../payouts/recover.ts';
import { MAX_BLOCKS_OF_GAS_IN_FLIGHT } from '../../payouts/relayer/laneRoom.ts';
import { runJobs } from './payoutsJobs.ts';
import { type PayoutsKit, startPayoutsKits } from './payoutsKit.ts';
import { type Payee, payees, totalOf } from './payoutsSeed.ts';

// A large batch is being paid, and two hundred small ones of other accounts are approved at once, on its chain and on
// another. Blocks are as large as today's chains have them, and come when everything that a worker can do is done.

const CHAIN_IDS = [31_337, 31_338];
const BLOCK_GAS_LIMIT = 60_000_000n;
const LARGE = 12_000;
const SMALL = 3;
/** As many as may be opening at once. */
const ACCOUNTS_AT_ONCE = 5;
/** Of the accounts that are paid with no large batch beside them. */
const BATCHES_ALONE = 2;
/** On the large one's chain, where twice as many accounts wait as may be opening at once; and on the other. */
const BATCHES_HERE = 10;
const BATCHES_THERE = 20;
/** Of full chunks, at most so many blocks are in flight: none uses half of the gas that it is given. */
const BLOCKS_IN_FLIGHT = Number(MAX_BLOCKS_OF_GAS_IN_FLIGHT) / 2;
const MOST_BLOCKS = 60;
/** Some twelve thousand payouts, and two hundred batches: on a busy machine that is long. */
const TIMEOUT_MS = 900_000;
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

/** Small batches with all signatures but the last, so many an account: each of them goes after the one before. */
async function askForSmall(kit: PayoutsKit, batchesPerAccount: number): Promise<Small[]> {
  const accounts = await kit.openAccounts(ACCOUNTS_AT_ONCE, UNITS_PER_ACCOUNT);
  const batches: Small[] = [];
  for (const account of accounts) {
    for (let turn = 0; turn < batchesPerAccount; turn += 1) {
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

type Counts = { includedCount: number; confirmedCount: number; finalCount: number };
const paidOf = (row: Counts) => row.includedCount + row.confirmedCount + row.finalCount;

/** Which of these are paid whole, as far as blocks have them. */
async function findIncluded(batchIds: readonly string[]): Promise<string[]> {
  const rows = await required(kits[0], 'A chain')
    .database.selectFrom('payoutBatch')
    .select(['id', 'payoutCount', 'includedCount', 'confirmedCount', 'finalCount'])
    .where('id', 'in', batchIds)
    .execute();
  return rows.filter((row) => paidOf(row) === row.payoutCount).map(({ id }) => id);
}

/** By batch: in how many blocks from now it was included. @param look after each block */
async function blocksUntilIncluded(
  batches: readonly Small[],
  look: (included: ReadonlyMap<string, number>) => Promise<void> = async () => {},
): Promise<Map<string, number>> {
  const included = new Map<string, number>();
  for (let count = 1; count <= MOST_BLOCKS && included.size < batches.length; count += 1) {
    await block();
    const waiting = batches.map(({ batchId }) => batchId).filter((batchId) => !included.has(batchId));
    for (const batchId of await findIncluded(waiting)) included.set(batchId, count);
    await look(included);
  }
  return included;
}

const worst = (batches: readonly Small[], blocks: ReadonlyMap<string, number>, turn: number): number =>
  Math.max(
    ...batches
      .filter((batch) => batch.turn === turn)
      .map(({ batchId }) => blocks.get(batchId) ?? Number.POSITIVE_INFINITY),
  );

async function payAlone(home: PayoutsKit): Promise<Small[]> {
  const alone = await askForSmall(home, BATCHES_ALONE);
  await approveAll(alone);
  const blocks = await blocksUntilIncluded(alone);
  for (let turn = 0; turn < BATCHES_ALONE; turn += 1) {
    // The open of each waits until the one before it of the same account is seen.
    expect(worst(alone, blocks, turn)).toBe(turn + 1);
  }
  return alone;
}

test(
  'small batches wait for what is in flight, never for what a large one still has to send',
  async () => {
    const [home, away] = kits as [PayoutsKit, PayoutsKit];
    await home.chain.client.setBlockGasLimit({ gasLimit: BLOCK_GAS_LIMIT });
    const alone = await payAlone(home);
    const here = [...(await askForSmall(home, BATCHES_HERE)), ...(await askForSmall(home, BATCHES_HERE))];
    const there = await askForSmall(away, BATCHES_THERE);
    expect([here.length, there.length]).toEqual([100, 100]);

    const lines = newLines(LARGE);
    const account = await home.openAccount(totalOf(lines));
    const batchId = await home.submitBatch(account, lines);
    // Open, then under way with all that it may have.
    await block();
    await block();
    await approveAll([...here, ...there]);
    const second = here.filter(({ turn }) => turn === 1);
    const large: Awaited<ReturnType<PayoutsKit['batch']>>[] = [];
    const blocks = await blocksUntilIncluded([...here, ...there], async (included) => {
      if (second.every((small) => included.has(small.batchId))) large.push(await home.batch(batchId));
    });
    for (let turn = 0; turn < BATCHES_HERE; turn += 1) {
      expect(worst(here, blocks, turn)).toBeLessThanOrEqual((turn + 1) * (1 + BLOCKS_IN_FLIGHT));
    }
    for (let turn = 0; turn < BATCHES_THERE; turn += 1) expect(worst(there, blocks, turn)).toBe(turn + 1);
    // When each of those accounts had paid two, the large one had gone on meanwhile, and had much left to send.
    const [meanwhile] = large;
    expect(meanwhile?.status).toBe('EXECUTING');
    expect(meanwhile?.pendingCount).toBeGreaterThan(0);
    expect(paidOf(required(meanwhile, 'The large one'))).toBeGreaterThan(0);

    for (let count = 0; (await home.batch(batchId)).status !== 'COMPLETED'; count += 1) {
      expect(count).toBeLessThan(MOST_BLOCKS);
      await block();
    }
    for (const small of [...alone, ...here, ...there]) await small.kit.requirePaidOnce(small.lines);
  },
  TIMEOUT_MS,
);
