import { expect, test } from 'vitest';
import { WakeUp } from './wakeUp.ts';

const NEVER_MS = 1_000_000;
const { signal } = new AbortController();

test('a hint that came while nobody waited ends the next wait, and that one alone', async () => {
  const wakeUp = new WakeUp();
  wakeUp.notify(null);
  wakeUp.notify('0xa');
  expect(await wakeUp.wait(NEVER_MS, null, signal)).toBe(true);
  expect(await orderOf(wakeUp, null, () => wakeUp.notify('0xa'))).toEqual(['notified', 'woken']);
});

test('a hint about what is known wakes nobody, whether it comes before the wait or during it', async () => {
  const wakeUp = new WakeUp();
  wakeUp.notify('0xa');
  const order = await orderOf(wakeUp, '0xa', async () => {
    wakeUp.notify('0xa');
    await new Promise((resolve) => setImmediate(resolve));
    wakeUp.notify('0xb');
  });
  expect(order).toEqual(['notified', 'woken']);
});

test.each([null, '0xb'])('a hint of %s is not lost among those about what is known', async (about) => {
  const wakeUp = new WakeUp();
  wakeUp.notify(about);
  wakeUp.notify('0xa');
  await wakeUp.wait(NEVER_MS, '0xa', signal);
});

test('what is known now does not keep what was known before from waking', async () => {
  const wakeUp = new WakeUp();
  wakeUp.notify('0xa');
  await wakeUp.wait(NEVER_MS, null, signal);
  await wakeUp.wait(1, '0xa', signal);
  expect(await orderOf(wakeUp, '0xb', () => wakeUp.notify('0xa'))).toEqual(['notified', 'woken']);
});

test('of more hints than it keeps, the rest are about anything', async () => {
  const wakeUp = new WakeUp();
  for (let index = 0; index < 100; index += 1) wakeUp.notify('0xa');
  for (let index = 0; index < 100; index += 1) wakeUp.notify(`0x${index}`);
  await wakeUp.wait(NEVER_MS, '0xa', signal);
});

test('time and the end wake as well', async () => {
  const wakeUp = new WakeUp();
  expect(await wakeUp.wait(1, null, signal)).toBe(false);
  const end = new AbortController();
  const waiting = wakeUp.wait(NEVER_MS, null, end.signal);
  end.abort();
  expect(await waiting).toBe(false);
  expect(await wakeUp.wait(NEVER_MS, null, end.signal)).toBe(false);
});

async function orderOf(wakeUp: WakeUp, known: string | null, notify: () => void | Promise<void>) {
  const order: string[] = [];
  const waiting = wakeUp.wait(NEVER_MS, known, signal).then(() => order.push('woken'));
  await new Promise((resolve) => setImmediate(resolve));
  await notify();
  order.push('notified');
  await waiting;
  return order;
}
