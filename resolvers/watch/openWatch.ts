import { endPromptly } from '../../events/endPromptly.ts';
import { requireViewer } from '../authorize.ts';
import type { Watcher } from './watcherRights.ts';
import type { WatchContext } from './watchService.ts';

/** A message of a subscription, or, as its last one, why it ends. */
export type WatchMessage<Value> = { value: Value } | { endedBy: unknown };

/**
 * A subscription's stream: takes a slot, and checks session and rights before it begins, before every message and now and
 * then in between. When they end, or the stream fails, the last message says so and the stream ends.
 * @param watched whose READ a watcher needs, and what it watches, as it knows it ("The payout batch"); null where a
 *   session is enough
 * @throws UnauthenticatedError, NotFoundError, ForbiddenError, LimitExceededError when it may not begin
 */
export async function openWatch<Value>(
  context: WatchContext,
  watched: Watcher['watched'],
  generate: (signal: AbortSignal) => AsyncGenerator<Value, void, undefined>,
): Promise<AsyncGenerator<WatchMessage<Value>, void, undefined>> {
  const { rights, slots } = context.watch;
  const watcher = { viewer: requireViewer(context), watched };
  await rights.require(watcher);
  const giveBack = slots.take(watcher.viewer.sessionId);
  const rightsEnd = new AbortController();
  const leave = rights.guard(watcher, (reason) => rightsEnd.abort(reason));

  async function* check(signal: AbortSignal): AsyncGenerator<WatchMessage<Value>, void, undefined> {
    try {
      const values = endPromptly(AbortSignal.any([signal, rightsEnd.signal]), generate);
      for await (const value of values) {
        await rights.require(watcher);
        yield { value };
      }
      rightsEnd.signal.throwIfAborted();
    } catch (error) {
      yield { endedBy: error };
    }
  }
  return endPromptly(undefined, (signal) => {
    // Not in a `finally`: a stream that is let go before its first message never runs one.
    signal.addEventListener(
      'abort',
      () => {
        leave();
        giveBack();
      },
      { once: true },
    );
    return check(signal);
  });
}
