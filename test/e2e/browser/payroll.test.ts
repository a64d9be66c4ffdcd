// A payroll through the pages alone: three people before three screens, one of them without a network for a while, and an API
// that is killed while it is paid. Nobody reloads.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { payroll } from '../../../examples/generate.ts';
import { TEMPLATE_FILES } from '../../../examples/templates.ts';
import { startStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { chooseAsset } from './chooseAsset.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';
import { loggedNumbers, shownFeed } from './shownFeed.ts';

const ROWS = 12;
const FIXED = payroll(ROWS, 'BROWSER');
/** One letter is missing in an address, and a payment has no amount. */
const FAULTY = FIXED.split('\n')
  .map((line, index) => (index === 3 ? line.replace(/^0x./, '0x') : line))
  .map((line, index) => (index === 6 ? line.replace(/,[\d.]+,/, ',,') : line))
  .join('\n');
/** Of the submission, both decisions, the opening and the payouts on their way. */
const MIN_FEED_ENTRIES = 10;
const TITLE = 'Bonuses of November';

let stack: TestStack;
let browser: Browser;
let alice: Person;
let bob: Person;
let carol: Person;
let file: string;
let batchPath: string;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  file = join(stack.directory, 'payroll.csv');
  writeFileSync(file, FIXED);
  alice = await seatPerson(browser, stack, 0, { language: 'en', scheme: 'light', widthPx: 1440 });
  bob = await seatPerson(browser, stack, 1, { language: 'zh', scheme: 'light', widthPx: 390 });
  carol = await seatPerson(browser, stack, 2, { language: 'en', scheme: 'dark', widthPx: 1440 });
  for (const { page } of everybody()) await page.evaluate(() => Object.assign(window, { isFirstPage: true }));
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

const everybody = () => [alice, bob, carol];
const csv = (name: string, content: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(content),
});
const dropZone = ({ page }: Person): Locator => page.locator('.mantine-Dropzone-root');
const shows = ({ page }: Person, status: string) =>
  page.locator(`[data-status="${status}"]`).first().waitFor();
const connection = ({ page }: Person, kind: string) => page.locator(`[data-connection="${kind}"]`).waitFor();

test('a file with faults is dropped, its rows are named; mended and dropped again it becomes a draft', async () => {
  const { page } = alice;
  await alice.goTo('/batches/import');
  await chooseAsset(page, 'USDC');
  await page.getByLabel('Title', { exact: true }).fill(TITLE);
  await dropZone(alice).drop({ files: csv('payroll.csv', FAULTY) });
  await page.getByText('2 faults are to be mended.').waitFor();
  const faults = page.getByRole('region', { name: 'Faults and warnings' }).getByRole('listitem');
  const said = await faults.allTextContents();
  expect(said).toHaveLength(2);
  // The heading is row 1.
  expect(said[0]).toContain('Row 4');
  expect(said[1]).toContain('Row 7');
  expect(await page.getByRole('button', { name: 'Make the draft' }).isDisabled()).toBe(true);
  expect(await stack.sql('select id from payout_batch')).toEqual([]);

  await dropZone(alice).drop({ files: csv('payroll.csv', FIXED) });
  await page.getByText(`All ${ROWS} rows can be paid.`).waitFor();
  await page.getByText('Since the last file: 2 of 2 ').waitFor();
  // What was chosen and written stayed.
  expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe(TITLE);
  await page.getByRole('button', { name: 'Make the draft' }).click();
  await page.getByRole('heading', { level: 1, name: TITLE }).waitFor();
  await shows(alice, 'DRAFT');
  batchPath = new URL(page.url()).pathname;
});

test('it is submitted, and is in the other’s inbox without being asked for', async () => {
  await bob.goTo('/approvals');
  await bob.page.getByText('没有等待你处理的审批').waitFor();
  await alice.page.getByRole('button', { name: 'Submit for approval' }).click();
  await alice.page.getByRole('button', { name: /^Submit [\d,.]+ USDC$/ }).click();
  await shows(alice, 'PENDING_APPROVAL');
  await bob.page.getByRole('link', { name: `审核: ${TITLE}` }).waitFor();
  expect(await bob.scrollsSideways()).toBe(false);
});

test('somebody loses the network: the screen says so, and shows what it knew', async () => {
  await carol.goTo(batchPath);
  await shows(carol, 'PENDING_APPROVAL');
  await carol.page.getByRole('table').getByRole('button').first().waitFor();
  await carol.context.setOffline(true);
  await connection(carol, 'OFFLINE');
  await carol.goTo('/settings');
  await carol.goTo(batchPath);
  await carol.page.getByText('Last known state').first().waitFor();
  await shows(carol, 'PENDING_APPROVAL');
});

test('one compares with a file of his own and signs, in Chinese on a phone', async () => {
  const { page } = bob;
  await page.getByRole('link', { name: `审核: ${TITLE}` }).click();
  await page.getByRole('button', { name: '签名并批准' }).waitFor();
  await dropZone(bob).drop({ files: csv('我的工资表.csv', FIXED) });
  await page.getByText('与你自己的文件一致。').waitFor();
  await page.getByText('待签名的每个收款地址和金额都与你的文件相同').waitFor();
  expect(await bob.scrollsSideways()).toBe(false);
  await page.getByRole('button', { name: '签名并批准' }).click();
  await page.getByText('你已经作出决定。').waitFor();
});

test('the other signs, the API is killed while it is paid, and everybody’s screen becomes final', async () => {
  await bob.goTo(batchPath);
  await alice.page.getByRole('link', { name: 'Look and decide' }).click();
  const sign = alice.page.getByRole('button', { name: 'Sign and approve' });
  await sign.waitFor();
  // So that it is not paid before the API is killed.
  await stack.chain.setIntervalMining({ interval: 0 });
  await sign.click();
  await alice.page.getByText('It takes no decisions any more.').waitFor();
  await alice.goTo(batchPath);
  await until('the opening to be sent', async () => (await stack.chain.getTxpoolStatus()).pending > 0);
  const killed = stack.roleProcess('api');
  process.kill(killed ?? 0, 'SIGKILL');
  await stack.chain.setIntervalMining({ interval: 1 });
  await until('another API process', async () => {
    const running = stack.roleProcess('api');
    return running !== null && running !== killed;
  });
  for (const person of [alice, bob]) await shows(person, 'COMPLETED');
  for (const person of [alice, bob]) await connection(person, 'LIVE');

  // Without a network nothing of it has arrived.
  await shows(carol, 'PENDING_APPROVAL');
  expect(await carol.page.locator('[data-status="COMPLETED"]').count()).toBe(0);
  await carol.context.setOffline(false);
  await shows(carol, 'COMPLETED');
  await connection(carol, 'LIVE');
  await expect.poll(() => carol.page.getByText('Last known state').count()).toBe(0);
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });
});

test('each feed is the log: nothing is missing, nothing is told twice; and nobody has reloaded', async () => {
  for (const person of everybody()) {
    const { page } = person;
    // What arrived one by one, for somebody after the network came back; of it the dashboard shows the newest.
    await person.goTo('/');
    await expectNewestOfLog(page.getByRole('log'), MIN_FEED_ENTRIES);
    await person.goTo('/events');
    await expectNewestOfLog(page.getByRole('main').getByRole('list'), (await loggedNumbers(stack)).length);
    expect(await page.evaluate(() => 'isFirstPage' in window)).toBe(true);
    expect(person.faults).toEqual([]);
  }
});

/** Each entry once, in order, without a gap, and none of the newest missing. */
async function expectNewestOfLog(list: Locator, atLeast: number): Promise<void> {
  await expect
    .poll(async () => {
      const shown = await shownFeed(list, stack);
      return { shown, isWhole: shown.length >= atLeast, log: await loggedNumbers(stack) };
    })
    .toSatisfy(({ shown, isWhole, log }) => isWhole && shown.join() === log.slice(0, shown.length).join());
}

test('a workbook is imported by drop, too, after a reload with nobody signing in again', async () => {
  const { page } = alice;
  await page.reload();
  await connection(alice, 'LIVE');
  await alice.goTo('/batches/import');
  const name = 'payroll-template.en.xlsx';
  const buffer = Buffer.from(TEMPLATE_FILES[name]?.() ?? []);
  const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  await dropZone(alice).drop({ files: { name, mimeType, buffer } });
  await page.getByText('All 2 rows can be paid.').waitFor();
  await page.getByRole('button', { name: 'Make the draft' }).click();
  await page.getByRole('heading', { level: 1, name: 'payroll-template.en' }).waitFor();
  await shows(alice, 'DRAFT');
});
