import { describe, expect, test } from 'vitest';
import { endPromptly } from './endPromptly.ts';

/** Counts up for ever; waits for `gate` (or the end) before each number. */
function counter(log: string[], gate: () => Promise<void>) {
  return async function* (signal: AbortSignal) {
    try {
      for (let i = 1; !signal.aborted; i += 1) {
        await Promise.race([gate(), new Promise((resolve) => signal.addEventListener('abort', resolve))]);
        if (!signal.aborted) yield i;
      }
    } finally {
      log.push('released');
    }
  };
}
const open = () => Promise.resolve();
const shut = () => new Promise<void>(() => {});

describe('endPromptly', () => {
  test('passes values through and ends with its body', async () => {
    const stream = endPromptly(undefined, async function* () {
      yield 'a';
      yield 'b';
    });
    const seen: string[] = [];
    for await (const value of stream) seen.push(value);
    expect(seen).toEqual(['a', 'b']);
    expect((await stream.next()).done).toBe(true);
  });

  test('return() answers a pending next() at once and lets the body release', async () => {
    const log: string[] = [];
    const stream = endPromptly(undefined, counter(log, shut));
    const pending = stream.next();
    await stream.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    await expect.poll(() => log).toEqual(['released']);
  });

  test('a body that hears nothing of its signal still ends for its consumer', async () => {
    const stream = endPromptly(undefined, async function* () {
      await shut();
      yield 1;
    });
    const pending = stream.next();
    await stream.return();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  test('leaving a loop releases', async () => {
    const log: string[] = [];
    for await (const value of endPromptly(undefined, counter(log, open))) if (value === 3) break;
    await expect.poll(() => log).toEqual(['released']);
  });

  test('the outer signal ends it, and is let go afterwards', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const stream = endPromptly(controller.signal, counter(log, open));
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    controller.abort();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect.poll(() => log).toEqual(['released']);
    const late = endPromptly(controller.signal, counter(log, open));
    expect((await late.next()).done).toBe(true);
  });

  test('an error of the body is thrown once, then the stream is over', async () => {
    const stream = endPromptly(undefined, async function* () {
      yield 1;
      throw new Error('broken');
    });
    await stream.next();
    await expect(stream.next()).rejects.toThrow('broken');
    expect((await stream.next()).done).toBe(true);
  });
});
