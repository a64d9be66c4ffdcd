import { expect, test } from 'vitest';
import { WakeUp } from './wakeUp.ts';

const NEVER_MS = 1_000_000;
const { signal } = new AbortController();

test('a hint that came while nobody waited ends the next wait, and that one alone', async () => {
  const wakeUp = new WakeUp();
  wakeUp.notify();
  wakeUp.notify();
  await wakeUp.wait(NEVER_MS, signal);
  const order: string[] = [];
  const waiting = wakeUp.wait(NEVER_MS, signal).then(() => order.push('woken'));
  await Promise.resolve();
  order.push('notified');
  wakeUp.notify();
  await waiting;
  expect(order).toEqual(['notified', 'woken']);
});

test('time and the end wake as well', async () => {
  const wakeUp = new WakeUp();
  await wakeUp.wait(1, signal);
  const end = new AbortController();
  const waiting = wakeUp.wait(NEVER_MS, end.signal);
  end.abort();
  await waiting;
  await wakeUp.wait(NEVER_MS, end.signal);
});
