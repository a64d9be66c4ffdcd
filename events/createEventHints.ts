import { createCoalescer } from './coalescer.ts';
import type { EventHints } from './eventHints.ts';

/** PostgreSQL takes less than 8,000 bytes a notification; an organization's id and a comma are 37. */
const MAX_ORGANIZATIONS_PER_MESSAGE = 200;
const MAX_WAITING_HINTS = 10_000;

/** What carries hints from process to process: text to whoever listens now. */
export type HintChannel = {
  send(message: string): Promise<void>;
  /** Called once, when somebody first subscribes. `connected` is called each time the connection (again) stands. */
  listen(received: (message: string) => void, connected: () => void): void;
  close(): Promise<void>;
};

/** Hints over a channel: coalesced, told to every subscriber in this process, never an exception for who publishes. */
export function createEventHints(channel: HintChannel, onError: (error: unknown) => void): EventHints {
  type Listener = { moved: (organizationId: string) => void; reconnected: (() => void) | undefined };
  const listeners = new Set<Listener>();
  let listening = false;
  let closed = false;
  const send = createCoalescer<string>(
    { maxKeysPerBatch: MAX_ORGANIZATIONS_PER_MESSAGE, maxWaitingKeys: MAX_WAITING_HINTS },
    (organizationIds) => channel.send(organizationIds.join(',')).catch(onError),
  );
  const received = (message: string) => {
    for (const organizationId of message.split(',')) {
      for (const listener of listeners) listener.moved(organizationId);
    }
  };
  const connected = () => {
    for (const listener of listeners) listener.reconnected?.();
  };
  return {
    publish: (organizationIds) => (closed ? Promise.resolve() : send(organizationIds)),
    subscribe(moved, reconnected) {
      const listener = { moved, reconnected };
      listeners.add(listener);
      if (!listening && !closed) {
        listening = true;
        channel.listen(received, connected);
      }
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      listeners.clear();
      await channel.close();
    },
  };
}
