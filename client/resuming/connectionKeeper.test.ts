import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createConnectionKeeper } from './connectionKeeper.ts';
import type { ConnectionKind } from './connectionState.ts';
import { DEFAULT_TIMING, FIRST_RETRY_DELAY_MS, MAX_RETRY_DELAY_MS } from './timing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A keeper none of whose attempts gets as far as a socket. */
function keep() {
  let isWanted = true;
  const attempts: number[] = [];
  const kinds: ConnectionKind[] = ['IDLE'];
  const begun = Date.now();
  const options = {
    url: 'ws://127.0.0.1:1',
    webSocketImpl: WebSocket,
    connectionParams: () => {
      attempts.push(Date.now() - begun);
      throw new Error('no');
    },
    random: () => 1,
  };
  const keeper = createConnectionKeeper(options, DEFAULT_TIMING, {
    isWanted: () => isWanted,
    become: (kind) => kinds.push(kind),
    kind: () => kinds.at(-1) ?? 'IDLE',
    opened: () => {},
    gone: () => {},
    proven: () => {},
    lost: () => keeper.retryLater(),
  });
  return {
    keeper,
    attempts,
    kinds,
    want(wanted: boolean) {
      isWanted = wanted;
    },
  };
}

test('waits double, and news from the page cuts them short', async () => {
  const { keeper, attempts, kinds } = keep();
  keeper.connect();
  await vi.advanceTimersByTimeAsync(FIRST_RETRY_DELAY_MS * 7);
  expect(attempts).toEqual([0, 1, 3, 7].map((waits) => waits * FIRST_RETRY_DELAY_MS));
  keeper.back();
  await vi.advanceTimersByTimeAsync(FIRST_RETRY_DELAY_MS);
  expect(attempts.slice(4)).toEqual([7, 8].map((waits) => waits * FIRST_RETRY_DELAY_MS));
  expect(new Set(kinds)).toEqual(new Set(['IDLE', 'CONNECTING', 'OFFLINE']));
});

test('a new wish waits for the retry that is due, and does not for one that came to nothing', async () => {
  const { keeper, attempts, want } = keep();
  keeper.connect();
  await vi.advanceTimersByTimeAsync(0);
  keeper.want();
  expect(attempts).toHaveLength(1);
  want(false);
  await vi.advanceTimersByTimeAsync(MAX_RETRY_DELAY_MS);
  expect(attempts).toHaveLength(1);
  want(true);
  keeper.want();
  expect(attempts).toHaveLength(2);
});

test('dropped, it does not come back by itself', async () => {
  const { keeper, attempts } = keep();
  keeper.connect();
  await vi.advanceTimersByTimeAsync(0);
  keeper.drop();
  await vi.advanceTimersByTimeAsync(MAX_RETRY_DELAY_MS);
  expect(attempts).toHaveLength(1);
});
