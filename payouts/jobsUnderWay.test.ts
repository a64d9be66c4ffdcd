import { expect, test } from 'vitest';
import { JobsUnderWay } from './jobsUnderWay.ts';

test('of one subject a job runs at a time, and what comes meanwhile follows once; others go on', async () => {
  const jobs = new JobsUnderWay();
  const gate = Promise.withResolvers<void>();
  const ran: string[] = [];
  const first = jobs.run('batch', async () => {
    ran.push('first');
    await gate.promise;
  });
  for (const name of ['second', 'third']) await jobs.run('batch', async () => void ran.push(name));
  await jobs.run('other', async () => void ran.push('other'));
  expect(ran).toEqual(['first', 'other']);
  expect([jobs.has('batch'), jobs.has('other')]).toEqual([true, false]);
  gate.resolve();
  await first;
  expect(ran).toEqual(['first', 'other', 'third']);
  expect(jobs.has('batch')).toBe(false);
});

test('a failure is the job’s, unless what followed went well', async () => {
  const jobs = new JobsUnderWay();
  const fail = () => Promise.reject(new Error('no answer'));
  await expect(jobs.run('batch', fail)).rejects.toThrow('no answer');
  expect(jobs.has('batch')).toBe(false);
  const gate = Promise.withResolvers<void>();
  const failing = jobs.run('batch', () => gate.promise.then(fail));
  await jobs.run('batch', async () => {});
  gate.resolve();
  await expect(failing).resolves.toBeUndefined();
});
