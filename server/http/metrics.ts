import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const DURATION_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type UploadOutcome = 'begun' | 'finished' | 'deleted' | 'failed';

/** What an API tells of itself. */
export type ApiMetrics = {
  /** @param outcome `ok`, or the code of the first error */
  operation(type: string, outcome: string, seconds: number): void;
  upload(outcome: UploadOutcome): void;
  uploadReceived(bytes: number): void;
  webSocketOpened(): void;
  webSocketClosed(): void;
};

/** @param openSubscriptions asked at each scrape */
export function createApiMetrics(registry: Registry, openSubscriptions: () => number): ApiMetrics {
  const operations = new Counter({
    name: 'graphql_operations_total',
    help: 'GraphQL operations by type and outcome.',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'How long queries and mutations took.',
    labelNames: ['type'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  const uploads = new Counter({
    name: 'uploads_total',
    help: 'Uploads by what became of them: begun, finished, deleted, failed.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const uploadedBytes = new Counter({
    name: 'upload_received_bytes_total',
    help: 'Bytes of uploads that were written.',
    registers: [registry],
  });
  const webSockets = new Gauge({
    name: 'websocket_connections',
    help: 'Open WebSocket connections.',
    registers: [registry],
  });
  new Gauge({
    name: 'graphql_subscriptions',
    help: 'Open subscriptions.',
    registers: [registry],
    collect() {
      this.set(openSubscriptions());
    },
  });
  return {
    operation: (type, outcome, seconds) => {
      operations.inc({ type, outcome });
      if (type !== 'subscription') durations.observe({ type }, seconds);
    },
    upload: (outcome) => uploads.inc({ outcome }),
    uploadReceived: (bytes) => uploadedBytes.inc(bytes),
    webSocketOpened: () => webSockets.inc(),
    webSocketClosed: () => webSockets.dec(),
  };
}
