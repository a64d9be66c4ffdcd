import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { transactionCounter } from '../transitions/transactionCounter.ts';

/** What an indexer tells of itself; labelled with the chain's CAIP-2 id. */
export type IndexerMetrics = ReturnType<typeof createIndexerMetrics>;

const WRITE_SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** A small batch takes a few blocks, one that waits for gas to be cheaper hours. */
const PROCESSING_SECONDS_BUCKETS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400];

export function createIndexerMetrics(registry: Registry) {
  const common = { labelNames: ['chain'] as const, registers: [registry] };
  return {
    blockLag: new Gauge({
      name: 'indexer_block_lag',
      help: 'Blocks that the node has and this system has not indexed.',
      ...common,
    }),
    head: new Gauge({ name: 'indexer_head_number', help: 'Number of the newest indexed block.', ...common }),
    headTimestamp: new Gauge({
      name: 'indexer_head_timestamp_seconds',
      help: 'Unix time of the newest block that this process has indexed: what it is by the chain’s clock.',
      ...common,
    }),
    active: new Gauge({
      name: 'indexer_active',
      help: '1 in the process that indexes the chain, 0 in a stand-by.',
      ...common,
    }),
    stopped: new Gauge({
      name: 'indexer_stopped',
      help: '1 when indexing stopped for good: a final block was lost. A person must look.',
      ...common,
    }),
    blocks: new Counter({ name: 'indexer_blocks_total', help: 'Blocks written.', ...common }),
    reorgs: new Counter({ name: 'indexer_reorgs_total', help: 'Reorgs taken back.', ...common }),
    failures: new Counter({
      name: 'indexer_failures_total',
      help: 'Passes that ended with an error and were begun anew.',
      ...common,
    }),
    writeSeconds: new Histogram({
      name: 'indexer_block_write_seconds',
      help: 'Seconds from the start to the commit of the transaction that writes a block.',
      buckets: WRITE_SECONDS_BUCKETS,
      ...common,
    }),
    moved: transactionCounter(registry),
    processingSeconds: new Histogram({
      name: 'payout_processing_duration_seconds',
      help: 'Seconds from the last approval that a batch needed to the moment when a chunk of it was written as included, or final (stage). One observation a chunk and stage; one more when a reorg took it back.',
      labelNames: ['chain', 'stage'],
      buckets: PROCESSING_SECONDS_BUCKETS,
      registers: [registry],
    }),
  };
}
