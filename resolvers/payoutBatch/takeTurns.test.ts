import { expect, test } from 'vitest';
import { takeTurns } from './takeTurns.ts';

const BUSY = { faults: [expect.objectContaining({ code: 'TOO_MANY_IMPORTS', path: null })] };

/** Works that end when they are told to. */
function works(count: number) {
  const started: number[] = [];
  const made = Array.from({ length: count }, (_, index) => {
    const end = Promise.withResolvers<number>();
    const work = (): Promise<number> => {
      started.push(index);
      return end.promise;
    };
    return { work, end };
  });
  return { started, made };
}

test('so many run at once, others in the order they came; what fails leaves its turn', async () => {
  const inTurn = takeTurns({ atOnce: 2, waiting: 3, waitSeconds: 60 });
  const { started, made } = works(5);
  const done = made.map(({ work }) => inTurn(work));
  await expect(inTurn(async () => 0)).rejects.toMatchObject(BUSY);
  expect(started).toEqual([0, 1]);
  made[1]?.end.reject(new Error('broken'));
  await expect(done[1]).rejects.toThrow('broken');
  await expect.poll(() => started).toEqual([0, 1, 2]);
  for (const { end } of made) end.resolve(7);
  expect(await Promise.all(done.filter((_, index) => index !== 1))).toEqual([7, 7, 7, 7]);
  expect(started).toEqual([0, 1, 2, 3, 4]);
  expect(await inTurn(async () => 8)).toBe(8);
});

test('nobody waits for ever, and who gave up takes no turn', async () => {
  const inTurn = takeTurns({ atOnce: 1, waiting: 1, waitSeconds: 0.01 });
  const { started, made } = works(2);
  const [first, second] = made.map(({ work }) => inTurn(work));
  await expect(second).rejects.toMatchObject(BUSY);
  made[0]?.end.resolve(1);
  expect(await first).toBe(1);
  expect(await inTurn(async () => 2)).toBe(2);
  expect(started).toEqual([0]);
});
