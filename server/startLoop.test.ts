import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startLoop } from './startLoop.ts';

const logger = pino({ level: 'silent' });

test('rounds follow each other, never two at once, and a failed one does not end the loop', async () => {
  const { promise: third, resolve } = Promise.withResolvers<void>();
  const rounds: number[] = [];
  let underWay = 0;
  const loop = startLoop('test', 1, logger, async (number) => {
    underWay += 1;
    expect(underWay).toBe(1);
    rounds.push(number);
    await Promise.resolve();
    underWay -= 1;
    if (number === 1) throw new Error('This round fails.');
    if (number === 3) resolve();
  });
  await third;
  await loop.stop();
  expect(rounds.slice(0, 4)).toEqual([0, 1, 2, 3]);
});

test('stop waits for the round under way, and none follows', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  let ended = 0;
  const loop = startLoop('test', 0, logger, async () => {
    await gate;
    ended += 1;
  });
  const stopped = loop.stop();
  open();
  await stopped;
  expect(ended).toBe(1);
});
