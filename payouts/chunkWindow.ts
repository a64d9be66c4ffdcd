import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { MAX_CHUNKS_WITH_OPEN } from './chunksWithOpen.ts';
import { fairShare } from './fairShare.ts';
import { IS_PAUSED } from './findPause.ts';
import type { LockedLane } from './relayer/lane.ts';
import { laneCapacity } from './relayer/laneRoom.ts';

/** Of what a lane may have in flight, so much is left to opens and to batches of which nothing is in flight. */
const RESERVED_PART = 8;
/** Of more batches at once on a chain, the oldest are counted. */
const MAX_BATCHES_COUNTED = 2_000;

/**
 * How many more chunks of a locked batch may be signed in a lane now. A batch has its fair share of what all lanes of the
 * chain may have in flight, among the batches that have something to send: a large one alone fills the lanes, and makes
 * room as others come. The lane's last eighth is for opens, and for batches that have nothing in flight.
 */
export async function chunkWindow(
  database: DatabaseTransaction,
  batch: PayoutBatchRow,
  lane: LockedLane,
): Promise<number> {
  const inFlight = await countInFlight(database, batch.id);
  const laneSize = laneCapacity(lane);
  const reserved = Math.floor(laneSize / RESERVED_PART);
  const room = inFlight === 0 ? lane.room : lane.room - reserved;
  if (room <= 0) return 0;
  const capacity = lane.laneCount * (laneSize - reserved);
  const share = fairShare(await readDemands(database, batch.chainId), capacity);
  return Math.min(room, Math.max(1, Math.floor(share)) - inFlight);
}

async function countInFlight(database: DatabaseTransaction, batchId: string): Promise<number> {
  const { count } = await database
    .selectFrom('payoutChunk')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('batchId', '=', batchId)
    .where('status', '=', 'SUBMITTED')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** An APPROVED batch whose account executes something else first. */
const IS_NOT_NEXT = sql<boolean>`batch.status = 'APPROVED' and not exists (
  select from approval join account on account.id = approval.account_id
  where approval.batch_id = batch.id and approval.status = 'APPROVED'
    and approval.safe_nonce = account.safe_nonce)`;

/** How many transactions each batch of a chain has in flight or could send. What is held by something only has the former. */
async function readDemands(database: DatabaseTransaction, chainId: string): Promise<number[]> {
  const { rows } = await sql<{ demand: number }>`
    select ceil(row_count::numeric / rows_per_chunk)::int + (status = 'APPROVED')::int as demand
    from payout_batch batch,
      lateral (select blocker_code is not null or ${IS_PAUSED} or (${IS_NOT_NEXT}) as held) as state,
      lateral (select submitted_count + case when held or (status = 'APPROVED' and chunk_count > ${MAX_CHUNKS_WITH_OPEN})
        then 0 else pending_count end as row_count) as unsent
    where chain_id = ${chainId} and status in ('APPROVED', 'EXECUTING') and closed_at_block is null
      and (row_count > 0 or (status = 'APPROVED' and not held))
    order by id limit ${MAX_BATCHES_COUNTED}`.execute(database);
  return rows.map(({ demand }) => demand);
}
