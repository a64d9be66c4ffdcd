import { type Address, createPublicClient, erc20Abi, http } from 'viem';
import { decodeNodeId } from '../../core/ids.ts';
import type { Ended } from './ended.ts';
import type { Story } from './payBatch.ts';
import type { World } from './world.ts';

const BALANCES_PER_REQUEST = 500;

/** A row that a batch was to pay, and whether the database says that it did. */
type ToldRow = { recipient: string; delivered: boolean };

/** What the chain holds against what the files say and what the database tells. */
export const checkMoney = {
  'paid-at-most-once': async ({ world, stories }: Ended) =>
    findRow(world, stories, ({ held, units }) => held > units),

  'paid-or-told': async ({ world, stories }: Ended) =>
    findRow(world, stories, ({ held, units, delivered }) => held !== (delivered === 1 ? units : 0n)),

  'nothing-lost': async ({ world, stories }: Ended) => {
    for (const story of stories) {
      const told = await readTold(world, story);
      const missing = story.rows.find(({ recipient }) => !told.has(recipient.toLowerCase()));
      if (story.batchIds.length > 0 && missing !== undefined) return `${missing.recipient} is in no batch`;
      const delivers = !(await wasStopped(world, story));
      const unpaid = story.rows.find(({ recipient }) => told.get(recipient.toLowerCase())?.delivered === 0);
      if (delivers && unpaid !== undefined) return `${unpaid.recipient} was never paid, and nobody gave up`;
    }
    return null;
  },

  'vaults-empty': async ({ world }: Ended) => {
    const vaults = await world.sql<{ vault: Address; id: string; status: string }>(
      'select vault_address as vault, id, status from payout_batch',
    );
    const balances = await balancesOf(
      world,
      vaults.map(({ vault }) => vault),
    );
    for (const [index, { id, status }] of vaults.entries()) {
      const held = balances[index];
      if (held !== 0n) return `the vault of batch ${id} (${status}) holds ${held}`;
    }
    return null;
  },
};

/** Whether the payers stopped it, and did not have it paid again. */
async function wasStopped(world: World, { planned, batchIds }: Story): Promise<boolean> {
  const last = batchIds.at(-1);
  if (planned.cancelTick === null || last === undefined) return false;
  const [batch] = await world.sql<{ status: string }>('select status from payout_batch where id = $1', [
    decodeNodeId(last).uuid,
  ]);
  return planned.blockedRows.length === 0 || batch?.status === 'CANCELLED';
}

type Row = { recipient: Address; units: bigint; held: bigint; delivered: number };

async function findRow(
  world: World,
  stories: readonly Story[],
  isBroken: (row: Row) => boolean,
): Promise<string | null> {
  for (const story of stories) {
    const told = await readTold(world, story);
    const held = await balancesOf(
      world,
      story.rows.map(({ recipient }) => recipient),
    );
    for (const [index, { recipient, units }] of story.rows.entries()) {
      const row = {
        ...{ recipient, units },
        held: held[index] ?? 0n,
        delivered: told.get(recipient.toLowerCase())?.delivered ?? 0,
      };
      if (!isBroken(row)) continue;
      return `row ${index} of batch ${world.plan.batches.indexOf(story.planned)}: ${recipient} was to get ${units}, holds ${row.held}, told as delivered ${row.delivered} times`;
    }
  }
  return null;
}

/** By recipient in lower case: in how many of the story's batches its row is told as delivered for good. */
async function readTold(world: World, story: Story): Promise<Map<string, { delivered: number }>> {
  const told = new Map<string, { delivered: number }>();
  for (const id of story.batchIds) {
    const rows = await world.sql<ToldRow>(
      `select payout.recipient,
        chunk.status = 'FINAL' and coalesce(exception.status, 'FINAL') = 'FINAL' as delivered
      from payout
      join payout_chunk chunk on chunk.batch_id = payout.batch_id
        and payout.row_index between chunk.first_row_index and chunk.first_row_index + chunk.row_count - 1
      left join payout_exception exception on exception.batch_id = payout.batch_id
        and exception.row_index = payout.row_index
      where payout.batch_id = $1`,
      [decodeNodeId(id).uuid],
    );
    for (const { recipient, delivered } of rows) {
      const key = recipient.toLowerCase();
      told.set(key, { delivered: (told.get(key)?.delivered ?? 0) + (delivered ? 1 : 0) });
    }
  }
  return told;
}

/** In the same order; asked for in few requests. */
function balancesOf(world: World, owners: readonly Address[]): Promise<bigint[]> {
  const transport = http(world.rpcUrl, { batch: { batchSize: BALANCES_PER_REQUEST } });
  const chain = createPublicClient({ transport });
  const token = { address: world.slot.contracts.DevelopmentUSDC, abi: erc20Abi } as const;
  return Promise.all(
    owners.map((owner) => chain.readContract({ ...token, functionName: 'balanceOf', args: [owner] })),
  );
}
