// A list of several pages: each is shown when it is asked for, also behind what one question may ask for.
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startStack, type TestStack } from '../stack.ts';
import { organizationUuid } from '../viewer.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';

/** More than one question may ask for. */
const INVITED = 130;
const PAGE_SIZE = 20;

let stack: TestStack;
let browser: Browser;
let alice: Person;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
  await stack.sql(
    `insert into invitation (organization_id, display_name, roles, secret_hash, status, invited_by_user_id, expires_at)
     select $1, 'Guest ' || number, '{VIEWER}', decode(md5(number::text) || md5('guest ' || number), 'hex'), 'PENDING',
       (select user_id from membership where organization_id = $1 limit 1), now() + interval '1 day'
     from generate_series(1, $2::int) as number`,
    [organizationUuid(stack), INVITED],
  );
  alice = await seatPerson(browser, stack, 0, { language: 'en', scheme: 'light', widthPx: 1440 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});

const list = (): Locator => alice.page.getByRole('list', { name: 'Invitations' }).getByRole('listitem');
const more = (): Locator => alice.page.getByRole('button', { name: 'Show more invitations' });

test('each page is shown when it is asked for, to the end', async () => {
  await alice.goTo('/members');
  await expect.poll(() => list().count()).toBe(PAGE_SIZE);
  for (let shown = 2 * PAGE_SIZE; shown < INVITED + PAGE_SIZE; shown += PAGE_SIZE) {
    await more().click();
    await expect.poll(() => list().count()).toBe(Math.min(shown, INVITED));
  }
  expect(await more().count()).toBe(0);
  expect(alice.faults).toEqual([]);
});
