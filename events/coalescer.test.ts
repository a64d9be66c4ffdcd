import { expect, test } from 'vitest';
import { createCoalescer } from './coalescer.ts';

function held() {
  const batches: string[][] = [];
  const releases: (() => void)[] = [];
  const work = (keys: string[]) => {
    batches.push(keys);
    return new Promise<void>((resolve) => releases.push(resolve));
  };
  return { batches, work, release: () => releases.shift()?.() };
}

test('what is asked for meanwhile is one more batch, each key once', async () => {
  const { batches, work, release } = held();
  const ask = createCoalescer({ maxKeysPerBatch: 10, maxWaitingKeys: 10 }, work);
  const done = ask(['a']);
  for (let i = 0; i < 5; i += 1) void ask(['b', 'a']);
  expect(batches).toEqual([['a']]);
  release();
  await expect.poll(() => batches).toEqual([['a'], ['b', 'a']]);
  release();
  await done;
  expect(batches.length).toBe(2);
});

test('a batch and the queue have a maximum; what is beyond is dropped', async () => {
  const { batches, work, release } = held();
  const ask = createCoalescer({ maxKeysPerBatch: 2, maxWaitingKeys: 3 }, work);
  const done = ask(['a', 'b', 'c', 'd']);
  release();
  await expect.poll(() => batches).toEqual([['a', 'b'], ['c']]);
  release();
  await done;
  expect(batches.length).toBe(2);
});

test('asking for nothing starts nothing, and work goes on afterwards', async () => {
  const { batches, work, release } = held();
  const ask = createCoalescer({ maxKeysPerBatch: 2, maxWaitingKeys: 3 }, work);
  await ask([]);
  const done = ask(['a']);
  release();
  await done;
  expect(batches).toEqual([['a']]);
});
