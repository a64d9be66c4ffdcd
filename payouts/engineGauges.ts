import { Counter, Gauge, type Registry } from 'prom-client';
import type { Database } from '../prisma/database.ts';
import { type EngineSnapshot, readEngineSnapshot } from './engineSnapshot.ts';

/** However often somebody scrapes. */
const CACHE_MS = 5_000;
/** Waiting for a connection included: a scrape answers without these rather than late. */
const TIMEOUT_MS = 2_000;

/** Other time-outs than those of a worker, for who asks on a slow machine. */
export type GaugeTimeouts = { readonly timeoutMs?: number; readonly statementTimeoutMs?: number };

type Row = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/**
 * Gauges that are read from the database when somebody scrapes. They say the same in every worker: take one's, or the
 * largest. Where the database does not answer in time they are absent, and counted in `payout_gauge_failures_total`.
 */
export function createEngineGauges(
  registry: Registry,
  database: Database,
  { timeoutMs = TIMEOUT_MS, statementTimeoutMs }: GaugeTimeouts = {},
): void {
  const snapshot = cached(
    () => withinTime(readEngineSnapshot(database, statementTimeoutMs), timeoutMs),
    () => failures.inc(),
  );
  const failures = new Counter({
    name: 'payout_gauge_failures_total',
    help: 'Scrapes for which the database did not tell in time how the payout engine stands.',
    registers: [registry],
    // This scrape's own failure is told by it.
    async collect() {
      await snapshot();
    },
  });
  const gauge: MakeGauge = (name, help, labelNames, rowsOf) => {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const read = await snapshot();
        this.reset();
        if (read !== null) for (const { labels, value } of rowsOf(read)) this.set(labels, value);
      },
    });
  };
  createQueueGauges(gauge);
  createPauseGauges(gauge);
  createLaneGauges(gauge);
}

/** @param rowsOf the gauge's values, by labels, of a snapshot */
type MakeGauge = (
  name: string,
  help: string,
  labelNames: readonly string[],
  rowsOf: (snapshot: EngineSnapshot) => readonly Row[],
) => void;

function createQueueGauges(gauge: MakeGauge): void {
  gauge(
    'payout_queue_depth',
    'Payouts of batches under way, by what they wait for: open (of the batch), chunk (its transaction), inclusion (by a block), finality (of that block), retry (refused by the token, owed by the vault), held (a pause, or what their organization has to mend; in no other state).',
    ['chain', 'state'],
    ({ queue }) =>
      queue.flatMap(({ chain, ...depths }) =>
        Object.entries(depths).map(([state, value]) => ({ labels: { chain, state }, value })),
      ),
  );
  gauge(
    'payout_batches_held',
    'Batches under way that do not move, by the code of what holds them (PayoutBatch.blocker; PAUSED before all others).',
    ['chain', 'code'],
    ({ held }) => held.map(({ chain, code, batches }) => ({ labels: { chain, code }, value: batches })),
  );
  gauge(
    'payout_error_rate',
    'A ratio, 0 to 1: of the transactions signed in the last hour and sent at least once, those that a block reverted and those that every node has turned away so far. 0 when none was sent.',
    ['chain'],
    ({ errors }) => errors.map(({ chain, share }) => ({ labels: { chain }, value: share })),
  );
}

function createPauseGauges(gauge: MakeGauge): void {
  gauge('payout_paused', 'Pauses that stand, by scope.', ['chain', 'scope'], ({ pauses }) =>
    pauses.map(({ chain, scope, pauses: value }) => ({ labels: { chain, scope }, value })),
  );
  gauge(
    'payout_oldest_pause_seconds',
    'Seconds since the oldest pause that stands was made, by scope; 0 when there is none.',
    ['chain', 'scope'],
    ({ pauses }) =>
      pauses.map(({ chain, scope, oldestSeconds }) => ({ labels: { chain, scope }, value: oldestSeconds })),
  );
}

function createLaneGauges(gauge: MakeGauge): void {
  gauge(
    'relayer_lane_state',
    '1 for the state that a lane is in.',
    ['chain', 'address', 'state'],
    ({ lanes }) =>
      lanes.map(({ chain, address, state }) => ({ labels: { chain, address, state }, value: 1 })),
  );
  const lane = (name: string, help: string, figure: (lane: EngineSnapshot['lanes'][number]) => number) =>
    gauge(name, help, ['chain', 'address'], ({ lanes }) =>
      lanes.map((one) => ({ labels: { chain: one.chain, address: one.address }, value: figure(one) })),
    );
  lane(
    'relayer_lane_in_flight',
    'Signed transactions of a lane that no block has decided about.',
    ({ inFlight }) => inFlight,
  );
  lane('relayer_lane_next_nonce', 'The nonce that the lane signs with next.', ({ nextNonce }) => nextNonce);
  lane(
    'relayer_lane_oldest_unsettled_seconds',
    'Seconds since the oldest transaction of the lane was signed that no block has decided about; 0 when there is none.',
    ({ oldestUnsettledSeconds }) => oldestUnsettledSeconds,
  );
}

/** Null where `read` failed; one at a time, and not again before CACHE_MS. */
function cached<T>(read: () => Promise<T>, failed: () => void): () => Promise<T | null> {
  let answer: Promise<T | null> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (answer === null || performance.now() - askedAt > CACHE_MS) {
      askedAt = performance.now();
      answer = read().catch(() => {
        failed();
        return null;
      });
    }
    return answer;
  };
}

async function withinTime<T>(reading: Promise<T>, timeoutMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('late')), timeoutMs);
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
