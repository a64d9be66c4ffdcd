import { Redis } from 'ioredis';
import { createEventHints } from './createEventHints.ts';
import type { EventHints } from './eventHints.ts';

const CHANNEL = 'protocol-banks:event-hints';
const RECONNECT_DELAY_MS = 500;
/** A hint that takes longer than readers' timer is of no use. */
const SEND_TIMEOUT_MS = 1_000;

/**
 * Hints by Redis publish and subscribe, for several API processes.
 * @param options.onError told of each hint that could not be sent and each connection that broke
 */
export function createRedisHints(options: { url: string; onError: (error: unknown) => void }): EventHints {
  const { url, onError } = options;
  const connection = {
    retryStrategy: () => RECONNECT_DELAY_MS,
    // A hint waits for nobody: while the connection is down it is lost at once, and readers' timers make up for it.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  };
  const publisher = new Redis(url, { ...connection, commandTimeout: SEND_TIMEOUT_MS });
  publisher.on('error', onError);
  let subscriber: Redis | null = null;
  return createEventHints(
    {
      async send(message) {
        await publisher.publish(CHANNEL, message);
      },
      listen(received, connected) {
        const listening = new Redis(url, { ...connection, autoResubscribe: false });
        subscriber = listening;
        listening.on('error', onError);
        listening.on('message', (_channel: string, message: string) => received(message));
        listening.on('ready', () => {
          listening.subscribe(CHANNEL).then(connected, onError);
        });
      },
      close() {
        publisher.disconnect();
        subscriber?.disconnect();
        return Promise.resolve();
      },
    },
    onError,
  );
}
