// The payroll command, on a whole stack: what it refuses, what it resumes, what it pays and how often.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payroll } from '../../examples/generate.ts';
import { submitBatch } from './browser/servedBatch.ts';
import { createRandom } from './random.ts';
import { startStack, type TestStack } from './stack.ts';

const FAULTY = fileURLToPath(new URL('../../examples/payroll-faulty.csv', import.meta.url));
/** Tables that signing in and following the chain write to, too. */
const NOT_PAYROLL = ['sign_in_challenge', 'session', 'block', 'chain', 'account_balance'];
const KILLS = 4;
const MAX_DELAY_MS = 2_500;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.remove());

function payrollFile(name: string, rowCount: number): string {
  const path = join(stack.directory, `${name}.csv`);
  writeFileSync(path, payroll(rowCount, name));
  return path;
}

/** Rows of every table that a payroll could write to. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await stack.sql<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')
       and table_name <> all($1) order by name`,
    [NOT_PAYROLL],
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await stack.sql<{ count: string }>(`select count(*) from ${name}`);
    counts[name] = Number(row?.count);
  }
  return counts;
}

const batches = () => stack.sql<{ title: string; status: string }>('select title, status from payout_batch');

test('a file with fifteen kinds of faults: each row explained, exit code 2, nothing written', async () => {
  const before = await countRows();
  expect(Object.keys(before).length).toBeGreaterThan(15);
  const { code, stdout, stderr } = await stack.payroll(FAULTY).ended;
  expect(code).toBe(2);
  expect(stdout).toBe('');
  const table = stderr.split('\n').filter((line) => /^\d+ /.test(line));
  const codes = table.map((line) => /\b[A-Z]+(_[A-Z0-9]+)+\b/.exec(line.replace(/FAULTY-\S+/, ''))?.[0]);
  expect(new Set(codes).size).toBe(15);
  expect(table.map((line) => Number(/^\d+/.exec(line)?.[0]))).toEqual(
    Array.from({ length: 15 }, (_, index) => index + 4),
  );
  expect(stderr).toContain('Nothing was written.');
  expect(await countRows()).toEqual(before);
  expect((await stack.payroll(join(stack.directory, 'missing.csv')).ended).code).toBe(2);
});

test('killed at random moments and run again, it resumes the same batch and pays once', async ({
  onTestFailed,
}) => {
  const random = createRandom();
  onTestFailed(() => console.error(`Draw the same again with SEED=${random.seed}`));
  const file = payrollFile('INTERRUPTED', 60);
  const told: string[] = [];
  for (const moment of [/Imported/, /resuming/]) {
    const command = stack.payroll(file);
    await command.says(moment);
    command.child.kill('SIGKILL');
    await command.ended;
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const command = stack.payroll(file);
    const milliseconds = random.between(0, MAX_DELAY_MS);
    await delay(milliseconds);
    command.child.kill('SIGKILL');
    told.push(`after ${milliseconds} ms: ${(await command.ended).stderr}`);
  }
  const end = await stack.payroll(file).ended;
  const story = `${told.join('\n')}\n${end.stderr}`;
  expect(end.code, story).toBe(0);
  expect(end.stderr, story).toMatch(/resuming its batch|was paid before/);
  expect(JSON.parse(end.stdout).payouts, story).toEqual({ final: 60, failed: 0 });
  expect((await batches()).length, story).toBe(1);
  expect(await stack.audit(file), story).toMatchObject({ recipients: 60, differences: 0 });
});

test('the same file twice pays once; --run pays it again', async () => {
  const file = payrollFile('TWICE', 201);
  const first = await stack.payroll(file).ended;
  expect(first.code, first.stderr).toBe(0);
  const line = first.stdout.trimEnd().split('\n').at(-1) ?? '';
  const report = JSON.parse(line);
  expect(Object.keys(report)).toEqual(['batchId', 'payouts', 'seconds', 'transactions']);
  // 201 rows are two chunks, beside the open and the close.
  expect(report).toEqual({
    batchId: expect.stringMatching(/^\S+$/),
    payouts: { final: 201, failed: 0 },
    seconds: expect.any(Number),
    transactions: expect.any(Number),
  });
  expect(Object.keys(report.payouts)).toEqual(['final', 'failed']);
  expect(report.transactions).toBeGreaterThanOrEqual(3);

  const again = await stack.payroll(file).ended;
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ batchId: report.batchId, payouts: { final: 201 } });
  expect(await stack.audit(file)).toMatchObject({ recipients: 201, differences: 0 });

  const next = await stack.payroll(file, '--run', '2026-12').ended;
  expect(next.code, next.stderr).toBe(0);
  expect(JSON.parse(next.stdout).batchId).not.toBe(report.batchId);
  expect(await stack.audit(file, 2)).toMatchObject({ recipients: 201, differences: 0 });
  expect((await batches()).map(({ title }) => title)).toContain('TWICE 2026-12');
  expect(await stack.audit(file, 1)).toMatchObject({ differences: 201 });
});

test('behind another approval of the account it says what it waits for, and when that is over; a renamed file resumes', async () => {
  const first = payrollFile('EARLIER', 3);
  await submitBatch(stack, 'EARLIER.csv', readFileSync(first, 'utf8'));
  const later = payrollFile('LATER', 3);
  const waiting = stack.payroll(later);
  await waiting.says(/^waits: .*“EARLIER”/m);
  const renamed = join(stack.directory, 'RENAMED.csv');
  renameSync(later, renamed);
  const same = stack.payroll(renamed);
  await same.says(/resuming its batch/);
  expect((await stack.payroll(first).ended).code).toBe(0);
  const [one, other] = await Promise.all([waiting.ended, same.ended]);
  expect([one.code, other.code], one.stderr + other.stderr).toEqual([0, 0]);
  expect(one.stderr).toMatch(/waits: [\s\S]*goes on:/);
  expect(one.stdout.trimEnd().split('\n').length).toBe(1);
  expect(JSON.parse(one.stdout).batchId).toBe(JSON.parse(other.stdout).batchId);
  expect((await batches()).map(({ title }) => title)).not.toContain('RENAMED');
  expect(await stack.audit(renamed)).toMatchObject({ recipients: 3, differences: 0 });
});
