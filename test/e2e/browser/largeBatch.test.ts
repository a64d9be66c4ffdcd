// 100,000 payouts through the pages: how long the import takes, how the list scrolls, what the API keeps of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureScrolling } from '../../../bench/client/scrolling.ts';
import { payroll } from '../../../examples/generate.ts';
import { startStack, type TestStack } from '../stack.ts';
import { chooseAsset } from './chooseAsset.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';
import { sentOperation } from './sentOperation.ts';

const ROWS = 100_000;
const DRY_RUNS = 3;
/** From the chosen file to the draft on the screen. */
const MAX_IMPORT_MS = 20_000;
const MAX_LONG_TASK_MS = 100;
/** A list that draws what it does not show has more. */
const MAX_DRAWN_ROWS = 100;
/** What the heap may grow by between collections; one file read and kept, with its rows, would be more. */
const MAX_GROWTH_MIB = 192;
const CHECK_TIMEOUT_MS = 60_000;

let stack: TestStack;
let browser: Browser;
let alice: Person;
let batchId: string;
let file: string;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  alice = await seatPerson(browser, stack, 0, { language: 'en', scheme: 'light', widthPx: 1440 });
  alice.page.setDefaultTimeout(CHECK_TIMEOUT_MS);
  file = join(stack.directory, 'large.csv');
  writeFileSync(file, payroll(ROWS, 'LARGE'));
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

const rows = new Intl.NumberFormat('en').format(ROWS);

/** Resident memory of the API's process. */
function apiMemoryMib(): number {
  const status = readFileSync(`/proc/${stack.roleProcess('api')}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

/** Chooses the file and waits for the server's word on it. */
async function checkFile(path: string): Promise<void> {
  const { page } = alice;
  const checked = page.waitForResponse(
    async (answer) =>
      answer.url().endsWith('/graphql') &&
      sentOperation(answer.request()) === 'ImportPayouts' &&
      (await answer.text()).includes(`"rowCount":${ROWS}`),
  );
  // Not dropped: what the test would take to put so much into the page is none of the product's time.
  await page.locator('input[type="file"]').setInputFiles(path);
  await checked;
  await page.getByText(`All ${rows} rows can be paid.`).waitFor();
}

test('it is imported in time, and is on the screen', async () => {
  const { page } = alice;
  await alice.goTo('/batches/import');
  await chooseAsset(page, 'USDC');
  const begun = performance.now();
  await checkFile(file);
  const checked = performance.now();
  await page.getByRole('button', { name: 'Make the draft' }).click();
  await page.waitForURL(/\/batches\/(?!import)[^/]+$/);
  await page.getByRole('table').getByRole('button').first().waitFor();
  const done = performance.now();
  console.log(
    `${rows} rows: checked after ${Math.round(checked - begun)} ms, imported after ${Math.round(done - begun)} ms.`,
  );
  batchId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect(done - begun).toBeLessThan(MAX_IMPORT_MS);
  const table = page.getByRole('table', { name: 'Payouts of this batch' });
  expect(await table.getAttribute('aria-rowcount')).toBe(`${ROWS + 1}`);
  expect(await table.getByRole('row').count()).toBeLessThan(MAX_DRAWN_ROWS);
});

test('its list scrolls to the end without a long task, and the API keeps nothing of either', async () => {
  const { page } = alice;
  const before = apiMemoryMib();
  const scrolling = await measureScrolling(browser, stack.stack, batchId);
  const scrolled = apiMemoryMib();
  console.log(
    `Scrolled through ${scrolling.rows} rows: longest task ${Math.round(scrolling.longestTaskMs)} ms, ` +
      `longest frame ${Math.round(scrolling.longestFrameMs)} ms.`,
  );
  expect(scrolling.rows).toBe(ROWS);
  expect(scrolling.longestTaskMs).toBeLessThan(MAX_LONG_TASK_MS);

  await alice.goTo('/batches/import');
  await chooseAsset(page, 'USDC');
  // Of the same series each row would be warned of: it is paid by the batch already.
  const other = join(stack.directory, 'other.csv');
  writeFileSync(other, payroll(ROWS, 'OTHER'));
  const after: number[] = [];
  for (let run = 1; run <= DRY_RUNS; run += 1) {
    await checkFile(other);
    after.push(apiMemoryMib());
  }
  const said = [before, scrolled, ...after].map((mib) => Math.round(mib));
  console.log(`Memory of the API: imported, scrolled, then ${DRY_RUNS} dry runs: ${said.join(', ')} MiB.`);
  expect(scrolled - before).toBeLessThan(MAX_GROWTH_MIB);
  expect((after.at(-1) ?? 0) - before).toBeLessThan(MAX_GROWTH_MIB);
  expect(await stack.sql('select id from payout_batch')).toHaveLength(1);
  expect(page.url()).toContain('/batches/import');
  expect(alice.faults).toEqual([]);
});
