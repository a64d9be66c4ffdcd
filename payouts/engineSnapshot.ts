import { sql } from 'kysely';
import type { Database } from '../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { ENDED_BATCH_STATUSES } from '../transitions/payoutBatchStatus.ts';
import { CUSTOMERS_BLOCKER_CODES } from './blocker.ts';
import { IS_PAUSED } from './findPause.ts';

/** How the payout engine stands in the database, for all processes together. `chain` is CAIP-2. */
export type EngineSnapshot = {
  readonly queue: readonly QueueDepth[];
  readonly held: readonly { readonly chain: string; readonly code: string; readonly batches: number }[];
  readonly errors: readonly { readonly chain: string; readonly share: number }[];
  readonly lanes: readonly LaneDepth[];
  readonly pauses: readonly PauseCount[];
};

type PauseCount = {
  readonly chain: string;
  readonly scope: string;
  readonly pauses: number;
  /** 0 when there is none. */
  readonly oldestSeconds: number;
};

/** Payouts of batches under way, by what they wait for. */
type QueueDepth = {
  readonly chain: string;
  readonly open: number;
  readonly chunk: number;
  readonly inclusion: number;
  readonly finality: number;
  readonly retry: number;
  /** Approved, and kept by a pause or by what their organization has to mend. */
  readonly held: number;
};

type LaneDepth = {
  readonly chain: string;
  readonly address: string;
  /** Of RelayerLaneState. */
  readonly state: string;
  readonly nextNonce: number;
  readonly inFlight: number;
  readonly oldestUnsettledSeconds: number;
};

/** The database ends what takes longer: figures are worth less than payouts. */
const STATEMENT_TIMEOUT_MS = 1_000;
/** Of transactions signed within it. */
const ERROR_WINDOW = '1 hour';

/** Five short statements over indexes that hold only what is under way, in one transaction that writes nothing. */
export function readEngineSnapshot(
  database: Database,
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
): Promise<EngineSnapshot> {
  return database
    .transaction()
    .setAccessMode('read only')
    .execute(async (transaction) => {
      await sql`select set_config('statement_timeout', ${`${statementTimeoutMs}`}, true)`.execute(
        transaction,
      );
      const queue = await queueDepths().execute(transaction);
      const held = await heldBatches().execute(transaction);
      const errors = await errorShares().execute(transaction);
      const lanes = await laneDepths().execute(transaction);
      const pauses = await pausesByScope().execute(transaction);
      return {
        queue: queue.rows,
        held: held.rows,
        errors: errors.rows,
        lanes: lanes.rows,
        pauses: pauses.rows,
      };
    });
}

const IS_HELD_BY_CUSTOMER = sql<boolean>`(${IS_PAUSED}
  or coalesce(batch.blocker_code in (${sql.join([...CUSTOMERS_BLOCKER_CODES])}), false))`;

// Integers of 32 bits and floats: the pool reads wider ones as bigint.
function queueDepths() {
  return sql<QueueDepth>`
    select chain.caip2 as chain,
      coalesce(sum(pending_count) filter (where batch.status = 'APPROVED' and not ${IS_HELD_BY_CUSTOMER}), 0)::float8 as open,
      coalesce(sum(pending_count) filter (where batch.status = 'EXECUTING' and not ${IS_HELD_BY_CUSTOMER}), 0)::float8 as chunk,
      coalesce(sum(submitted_count), 0)::float8 as inclusion,
      coalesce(sum(included_count + confirmed_count), 0)::float8 as finality,
      coalesce(sum(undelivered_count), 0)::float8 as retry,
      coalesce(sum(pending_count) filter (
        where batch.status in ('APPROVED', 'EXECUTING') and ${IS_HELD_BY_CUSTOMER}), 0)::float8 as held
    from chain left join payout_batch batch
      on batch.chain_id = chain.id and batch.status in ('APPROVED', 'EXECUTING', 'CANCELLING')
    where chain.family = 'EVM' group by chain.caip2`;
}

/** As the API tells it: a pause comes before what the engine found. */
function heldBatches() {
  return sql<EngineSnapshot['held'][number]>`
    select chain.caip2 as chain, held.code, count(*)::int as batches
    from payout_batch batch join chain on chain.id = batch.chain_id, lateral (
      select case when batch.status in ('APPROVED', 'EXECUTING') and batch.pending_count + batch.undelivered_count > 0
        and ${IS_PAUSED} then 'PAUSED' else batch.blocker_code end as code) held
    where batch.status in ('APPROVED', 'EXECUTING', 'CANCELLING') and held.code is not null
    group by chain.caip2, held.code`;
}

/** Ids begin with the time they were made at: the primary key finds what is new. */
function errorShares() {
  return sql<EngineSnapshot['errors'][number]>`
    select chain.caip2 as chain, coalesce(
      (count(*) filter (where one.status = 'REVERTED' or one.status = 'SIGNED'))::float8 / nullif(count(one.id), 0), 0) as share
    from chain left join chain_transaction one on one.chain_id = chain.id and one.raw_transaction is not null
      and one.broadcast_count > 0 and one.id >= (select uuidv7(- ${ERROR_WINDOW}::interval))
    where chain.family = 'EVM' group by chain.caip2`;
}

/** A replacement does not make a transaction younger: the first version of the lane's lowest nonce counts. */
function laneDepths() {
  return sql<LaneDepth>`
    select chain.caip2 as chain, lane.address, lane.state::text as state, lane.next_nonce::float8 as next_nonce,
      unsettled.count as in_flight, coalesce((
        select extract(epoch from clock_timestamp() - min(version.created_at)) from chain_transaction version
        where version.chain_id = lane.chain_id and version.sender = lane.address and version.nonce = unsettled.lowest
          and version.raw_transaction is not null), 0)::float8 as oldest_unsettled_seconds
    from relayer_lane lane join chain on chain.id = lane.chain_id, lateral (
      select count(*)::int as count, min(nonce) as lowest from chain_transaction one
      where one.chain_id = lane.chain_id and one.sender = lane.address
        and one.status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})) unsettled`;
}

/** Those of batches that have ended hold nothing. */
function pausesByScope() {
  return sql<EngineSnapshot['pauses'][number]>`
    select chain.caip2 as chain, scope.name::text as scope, count(pause.id)::int as pauses,
      coalesce(extract(epoch from clock_timestamp() - min(pause.paused_at)), 0)::float8 as oldest_seconds
    from chain cross join unnest(enum_range(null::"PauseScope")) as scope (name) left join (payout_pause pause
        left join payout_batch batch on batch.id = pause.batch_id
        left join account on account.id = pause.account_id)
      on pause.scope = scope.name and coalesce(pause.chain_id, account.chain_id, batch.chain_id) = chain.id
        and (pause.batch_id is null or batch.status not in (${sql.join([...ENDED_BATCH_STATUSES])}))
    where chain.family = 'EVM' group by chain.caip2, scope.name`;
}
