// One payment without a file, paused and let go on, by two people who look at the same batch.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStack, type TestStack } from '../stack.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';

const REASON = 'The supplier is asked first.';

let stack: TestStack;
let browser: Browser;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  alice = await seatPerson(browser, stack, 0, { language: 'en', scheme: 'light', widthPx: 1440 });
  bob = await seatPerson(browser, stack, 1, { language: 'zh', scheme: 'dark', widthPx: 390 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

test('Alice makes a payment and pauses it; Bob sees who, when and why; she lets it go on', async () => {
  const { page } = alice;
  await alice.goTo('/batches/pay');
  await page.getByRole('combobox', { name: 'What is paid' }).click();
  await page.getByRole('option', { name: 'USDC', exact: true }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('0x000000000000000000000000000000000000dEaD');
  await page.getByRole('textbox', { name: 'Amount' }).fill('1e1');
  await page.getByRole('button', { name: 'Ask the approvers to sign' }).click();
  await page.getByText('Write a plain number such as 1250.5.').waitFor();
  expect(await alice.axeFindings()).toEqual([]);
  await page.getByRole('textbox', { name: 'Amount' }).fill('12.5');
  await page.getByRole('button', { name: 'Ask the approvers to sign' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('textbox', { name: 'Why' }).fill(REASON);
  expect(await alice.axeFindings()).toEqual([]);
  const path = new URL(page.url()).pathname;
  await bob.goTo(path);
  await page.getByRole('button', { name: 'Pause now' }).click();
  await page.getByText('Nothing was under way.').waitFor();
  await page.getByRole('button', { name: 'Understood' }).click();
  await page.getByText('This batch is paused').waitFor();

  await bob.page.getByText('此批次已暂停').waitFor();
  await bob.page.getByText(REASON).waitFor();
  expect(await bob.axeFindings()).toEqual([]);
  expect(await bob.scrollsSideways()).toBe(false);
  // He approves: he may pause, and not let go on.
  await bob.page.getByText('所有者和管理员可以恢复。').waitFor();
  await page.getByRole('button', { name: 'Let this batch go on' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let it go on' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await page.getByText('This batch is paused').waitFor({ state: 'detached' });
  await bob.page.getByText('此批次已暂停').waitFor({ state: 'detached' });
  await alice.goTo('/events');
  await page.getByText('was created with one payout').waitFor();
  expect([...alice.faults, ...bob.faults]).toEqual([]);
});
