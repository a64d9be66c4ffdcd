import { expect, test } from 'vitest';
import type { BlockFacts } from '../blockFacts.ts';
import { BlockPrefetch } from './blockPrefetch.ts';

function recorder(read: (number: bigint) => BlockFacts | null = () => null) {
  const asked: bigint[] = [];
  const prefetch = new BlockPrefetch(async (number) => {
    asked.push(number);
    return read(number);
  });
  return { asked, prefetch };
}

test('asks for each block once, eight ahead and not beyond the node’s head', async () => {
  const { asked, prefetch } = recorder();
  await prefetch.take(5n, 9n);
  expect(asked).toEqual([5n, 6n, 7n, 8n, 9n]);
  await prefetch.take(6n, 20n);
  expect(asked).toEqual([5n, 6n, 7n, 8n, 9n, 10n, 11n, 12n, 13n]);
});

test('a failed read fails who takes that block, and is made anew afterwards', async () => {
  let failing = true;
  const { asked, prefetch } = recorder((number) => {
    if (failing && number === 2n) throw new Error('no answer');
    return null;
  });
  await prefetch.take(1n, 2n);
  await expect(prefetch.take(2n, 2n)).rejects.toThrow('no answer');
  failing = false;
  await prefetch.take(2n, 2n);
  expect(asked).toEqual([1n, 2n, 2n]);
});

test('what was cleared is read again', async () => {
  const { asked, prefetch } = recorder();
  await prefetch.take(1n, 2n);
  prefetch.clear();
  await prefetch.take(2n, 2n);
  expect(asked).toEqual([1n, 2n, 2n]);
});
