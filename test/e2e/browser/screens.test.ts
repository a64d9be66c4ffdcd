// Every screen, as different people see it: readable by all, nothing wider than the phone, no error on the console.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStack, type TestStack } from '../stack.ts';
import { startChromium } from './chromium.ts';
import { type Person, type Seat, seatPerson } from './person.ts';

const SCREENS = [
  ...[
    '/',
    '/batches',
    '/batches/import',
    '/batches/pay',
    '/approvals',
    '/accounts',
    '/payees',
    '/members',
    '/events',
    '/settings',
  ],
  '/nowhere',
];
const SEATS: readonly Seat[] = [
  { language: 'en', scheme: 'light', widthPx: 1440 },
  { language: 'zh', scheme: 'dark', widthPx: 390 },
  { language: 'en', scheme: 'dark', widthPx: 1440 },
  { language: 'zh', scheme: 'light', widthPx: 390 },
];

let stack: TestStack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

describe.each(SEATS)('in $language, $scheme, at $widthPx px', (seat) => {
  let person: Person;
  beforeAll(async () => {
    person = await seatPerson(browser, stack, 0, seat);
  });
  afterAll(() => person?.context.close());

  test.each(SCREENS)('%s', async (path) => {
    await person.goTo(path);
    const loading = person.page.getByRole('status', { name: /Loading|正在加载/ });
    await expect.poll(() => loading.count()).toBe(0);
    const picture = `${path.replaceAll('/', '-')}.${seat.language}.${seat.scheme}.${seat.widthPx}.png`;
    await person.page.screenshot({ path: join(stack.directory, picture), fullPage: true });
    expect(await person.axeFindings()).toEqual([]);
    expect(await person.scrollsSideways()).toBe(false);
    expect(person.faults).toEqual([]);
  });
});
