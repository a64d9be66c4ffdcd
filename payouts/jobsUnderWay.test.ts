import { expect, test } from 'vitest';
import { JobsUnderWay } from './jobsUnderWay.ts';

const fail = () => Promise.reject(new Error('no answer'));
const neverAgain = () => Promise.reject(new Error('enqueued once more'));

test('of one subject a job runs at a time, and what comes meanwhile follows once; others go on', async () => {
  const jobs = new JobsUnderWay();
  const gate = Promise.withResolvers<void>();
  const ran: string[] = [];
  const run = (id: string, name: string, until: Promise<void> | null = null) =>
    jobs.run(
      id,
      async () => {
        ran.push(name);
        await until;
      },
      neverAgain,
    );
  const first = run('batch', 'first', gate.promise);
  for (const name of ['second', 'third']) await run('batch', name);
  await run('other', 'other');
  expect(ran).toEqual(['first', 'other']);
  expect([jobs.has('batch'), jobs.has('other')]).toEqual([true, false]);
  gate.resolve();
  await first;
  expect(ran).toEqual(['first', 'other', 'third']);
  expect(jobs.has('batch')).toBe(false);
});

test('a failure is the job’s, unless what followed went well', async () => {
  const jobs = new JobsUnderWay();
  await expect(jobs.run('batch', fail, neverAgain)).rejects.toThrow('no answer');
  expect(jobs.has('batch')).toBe(false);
  const gate = Promise.withResolvers<void>();
  const failing = jobs.run('batch', () => gate.promise.then(fail), neverAgain);
  await jobs.run('batch', async () => {}, neverAgain);
  gate.resolve();
  await expect(failing).resolves.toBeUndefined();
});

test('what followed and failed is asked for once more: its own job has ended, and the other has no attempts left', async () => {
  const jobs = new JobsUnderWay();
  const gate = Promise.withResolvers<void>();
  const asked: string[] = [];
  const enqueue = (name: string) => async () => void asked.push(`${name} ${jobs.has('batch')}`);
  const first = jobs.run('batch', () => gate.promise, enqueue('first'));
  await jobs.run('batch', fail, enqueue('second'));
  expect(asked).toEqual([]);
  gate.resolve();
  await first;
  // Only then may it begin: it would be taken for one that comes meanwhile.
  expect(asked).toEqual(['first false']);
  await expect(jobs.run('batch', fail, neverAgain)).rejects.toThrow('no answer');
});

test('where even that fails, the job does', async () => {
  const jobs = new JobsUnderWay();
  const gate = Promise.withResolvers<void>();
  const first = jobs.run(
    'batch',
    () => gate.promise,
    () => Promise.reject(new Error('no database')),
  );
  await jobs.run('batch', fail, neverAgain);
  gate.resolve();
  await expect(first).rejects.toThrow('no database');
});
