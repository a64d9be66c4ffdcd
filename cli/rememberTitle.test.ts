import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { rememberTitle, titleOf } from './rememberTitle.ts';

test('a batch is called as its file, and its run', () => {
  expect(titleOf('payroll-10.csv', '')).toBe('payroll-10');
  expect(titleOf('/tmp/November 2026.v2.xlsx', '2026-12')).toBe('November 2026.v2 2026-12');
  expect(titleOf('.csv', '')).toBe('Payroll');
  expect(titleOf('a\nb.csv', '')).toBe('a b');
  // No half of a pair is left at the cut.
  expect(titleOf(`${'x'.repeat(199)}😀.csv`, '').isWellFormed()).toBe(true);
  expect(titleOf('x'.repeat(300), '').length).toBe(200);
});

test('the first title of a payroll stays, whatever its file is called later', async () => {
  const root = await mkdtemp(join(tmpdir(), 'titles-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const directory = join(root, 'imports');
  expect(await rememberTitle(directory, 'key', 'November')).toBe('November');
  expect(await rememberTitle(directory, 'key', 'Renamed')).toBe('November');
  expect(await rememberTitle(directory, 'other', 'Renamed')).toBe('Renamed');
  await writeFile(join(directory, 'cut.txt'), '');
  expect(await rememberTitle(directory, 'cut', 'Again')).toBe('Again');
  expect(await rememberTitle(directory, 'cut', 'Later')).toBe('Again');
});
