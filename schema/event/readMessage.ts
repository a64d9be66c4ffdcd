import type { WatchMessage } from '../../resolvers/watch/openWatch.ts';

/** The value of a message. The last message of a stream that ended badly becomes its error. */
export function readMessage<Value>(message: WatchMessage<Value>): Value {
  if ('endedBy' in message) throw message.endedBy;
  return message.value;
}
