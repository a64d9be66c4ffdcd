// The pages as an app of their own: installable, there without a server, and live again by themselves. And what they cost.
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measureFirstLoad } from '../../../bench/client/firstLoad.ts';
import { payroll } from '../../../examples/generate.ts';
import { startStack, type TestStack } from '../stack.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';
import { type ServedBatch, submitBatch } from './servedBatch.ts';

const ROWS = 30;
/** Of the signed-in dashboard, everything that came over the network. */
const MAX_FIRST_LOAD_BYTES = 250_000;
/** Machines differ: what is aimed at is a second, on a machine that does nothing else. */
const MAX_INTERACTIVE_MS = 5_000;
const PNG_MAGIC = '\x89PNG';

let stack: TestStack;
let browser: Browser;
let batch: ServedBatch;
let alice: Person;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  batch = await submitBatch(stack, 'offline.csv', payroll(ROWS, 'OFFLINE'));
  alice = await seatPerson(browser, stack, 0, { language: 'en', scheme: 'light', widthPx: 1440 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

const connection = (kind: string): Locator => alice.page.locator(`[data-connection="${kind}"]`);

test('the manifest and its icons are there, and the page may be installed', async () => {
  const { api } = stack.stack;
  const href = await alice.page.locator('link[rel="manifest"]').getAttribute('href');
  const answer = await fetch(new URL(href ?? '', api));
  expect(answer.headers.get('content-type')).toContain('application/manifest+json');
  const manifest = (await answer.json()) as { display: string; icons: { src: string; type: string }[] };
  expect(manifest.display).toBe('standalone');
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(new URL(src, api));
    expect(icon.status, src).toBe(200);
    expect(icon.headers.get('content-type'), src).toContain(type);
    const head = Buffer.from(await icon.arrayBuffer()).toString('latin1', 0, 4);
    if (type === 'image/png') expect(head, src).toBe(PNG_MAGIC);
  }
  const devtools = await alice.context.newCDPSession(alice.page);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // Chromium installs nothing from a window like this one: that it says so is no fault of the page.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual(
    [],
  );
});

test('the first load of the dashboard is small and soon there', async () => {
  // The server's own first request is none of the browser's matter.
  await measureFirstLoad(browser, stack.stack);
  const { bytes, interactiveMs } = await measureFirstLoad(browser, stack.stack);
  console.log(
    `First load: ${bytes} bytes over the network; interactive after ${Math.round(interactiveMs)} ms.`,
  );
  expect(bytes).toBeLessThan(MAX_FIRST_LOAD_BYTES);
  expect(interactiveMs).toBeLessThan(MAX_INTERACTIVE_MS);
  const page = await fetch(stack.stack.api, { headers: { accept: 'text/html' } });
  const shell = /"(\/assets\/shell-[^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  const headers = { 'accept-encoding': 'br' };
  const served = await alice.context.request.get(`${stack.stack.api}${shell}`, { headers });
  expect(served.headers()['content-encoding'], shell).toBe('br');
});

test('without a server a reload opens the shell, says who it is, the last known state, and that it is that', async () => {
  const { page } = alice;
  await page.goto(`${stack.stack.api}/batches/${batch.batchId}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await connection('LIVE').waitFor();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const title = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByRole('table').getByRole('button').first().waitFor();

  await stack.killAllOfOurs();
  await connection('OFFLINE').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: title ?? '' }).waitFor();
  await page.getByText('Last known state').first().waitFor();
  await page.locator('[data-status="PENDING_APPROVAL"]').first().waitFor();
  await connection('OFFLINE').waitFor();
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menu').getByText('Alice').waitFor();
  await page.keyboard.press('Escape');
  // What the server must do cannot be asked for.
  expect(await page.getByRole('button', { name: 'Cancel the batch' }).isDisabled()).toBe(true);
});

test('once the server is there again, the page is live by itself', async () => {
  const { page } = alice;
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  await stack.startAgain();
  await connection('LIVE').waitFor();
  await expect.poll(() => page.getByText('Last known state').count()).toBe(0);
  await expect.poll(() => page.getByRole('button', { name: 'Cancel the batch' }).isEnabled()).toBe(true);
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
  expect(alice.faults).toEqual([]);
});
