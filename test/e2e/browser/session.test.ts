// Who is signed in, and what stays in a browser of it: nothing after signing out, wherever the session ended, and never a secret.
import type { Browser, Page } from 'playwright-core';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { payroll } from '../../../examples/generate.ts';
import { startStack, type TestStack } from '../stack.ts';
import { signInAs } from '../viewer.ts';
import { ANNOUNCED_NAME, announceWallet } from './announcedWallet.ts';
import { startChromium } from './chromium.ts';
import { type Person, seatPerson } from './person.ts';
import { sentOperation } from './sentOperation.ts';
import { submitBatch } from './servedBatch.ts';

const BOB = 1;

let stack: TestStack;
let browser: Browser;
let bob: Person;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), startChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await stack?.remove();
});
beforeEach(async () => {
  bob = await seatPerson(browser, stack, BOB, { language: 'en', scheme: 'light', widthPx: 1440 });
});
afterEach(() => bob?.context.close());

/** All that scripts have kept: local storage, the history's state, IndexedDB; and, of the tab, the session storage. */
async function keptIn(page: Page): Promise<{ lasting: string; ofTab: string; lastKnown: number }> {
  return page.evaluate(async () => {
    const known: [IDBValidKey, unknown][] = [];
    const texts = [JSON.stringify({ ...localStorage }), JSON.stringify(history.state), location.href];
    for (const { name } of await indexedDB.databases()) {
      const request = indexedDB.open(name ?? '');
      await new Promise((resolve) => Object.assign(request, { onsuccess: resolve }));
      for (const storeName of request.result.objectStoreNames) {
        const store = request.result.transaction(storeName).objectStore(storeName);
        const cursor = store.openCursor();
        await new Promise<void>((resolve) => {
          cursor.onsuccess = () => {
            if (cursor.result === null) return resolve();
            known.push([cursor.result.key, cursor.result.value]);
            cursor.result.continue();
          };
        });
      }
      request.result.close();
    }
    const lasting = [...texts, JSON.stringify(known)].join('\n');
    return { lasting, ofTab: JSON.stringify({ ...sessionStorage }), lastKnown: known.length };
  });
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Your account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

async function livingSessions(): Promise<number> {
  const rows = await stack.sql<{ living: number }>(
    'select count(*)::int as living from session where revoked_at is null',
  );
  return rows[0]?.living ?? Number.NaN;
}

async function expectNothingKept(page: Page): Promise<void> {
  await expect.poll(async () => (await keptIn(page)).lastKnown).toBe(0);
  expect((await keptIn(page)).ofTab).not.toContain('demonstration-key');
}

test('signing in by a demonstration link keeps the key in this tab alone', async () => {
  const { privateKey } = stack.stack.demo.approvers[BOB] ?? {};
  const kept = await keptIn(bob.page);
  expect(kept.ofTab).toContain(privateKey);
  expect(kept.lastKnown).toBeGreaterThan(0);
  expect(kept.lasting).not.toContain(String(privateKey).slice(2));
  const cookies = await bob.context.cookies();
  expect(cookies.filter(({ httpOnly }) => !httpOnly)).toEqual([]);
  for (const { value } of cookies) expect(kept.lasting).not.toContain(value);
});

test('signed out without a network: here at once, at the server as soon as there is one', async () => {
  const { page } = bob;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const before = await livingSessions();
  await bob.context.setOffline(true);
  await signOut(page);
  await page.getByText('You are signed out in this browser.').waitFor();
  await expectNothingKept(page);
  expect(await livingSessions()).toBe(before);

  // A reload does not bring it back, with or without a network.
  await page.goto(`${stack.stack.api}/batches`);
  await page.getByText('You are signed out in this browser.').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/graphql') asked.push(sentOperation(request));
  });
  await bob.context.setOffline(false);
  await expect.poll(() => page.getByText('You are signed out in this browser.').count()).toBe(0);
  expect(await livingSessions()).toBe(before - 1);
  expect(asked.indexOf('SignOut')).toBeGreaterThanOrEqual(0);
  expect(asked.slice(0, asked.lastIndexOf('SignOut'))).not.toContain('SessionViewer');
  await page.reload();
  await page.waitForURL('**/sign-in');
  expect((await keptIn(page)).lasting).not.toContain('signed-out-here');
});

test('signing in again ends what was signed out of, and stays', async () => {
  const { page } = bob;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const before = await livingSessions();
  await bob.context.setOffline(true);
  await signOut(page);
  await page.getByText('You are signed out in this browser.').waitFor();
  await bob.context.setOffline(false);
  const { privateKey } = stack.stack.demo.approvers[BOB] ?? {};
  await page.goto(`${stack.stack.api}/sign-in#key=${privateKey}`);
  await page.locator('[data-connection="LIVE"]').waitFor();
  expect(await livingSessions()).toBe(before);
  await page.reload();
  await page.locator('[data-connection="LIVE"]').waitFor();
  expect((await keptIn(page)).lasting).not.toContain('signed-out-here');
});

test('a session that was ended elsewhere leaves nothing here either', async () => {
  const { page } = bob;
  expect((await keptIn(page)).lastKnown).toBeGreaterThan(0);
  await stack.sql('update session set revoked_at = now() where revoked_at is null');
  await page.getByRole('link', { name: 'Members' }).click();
  await page.waitForURL('**/sign-in');
  await expectNothingKept(page);
});

test('without a network, what was known of a session that is over is not shown', async () => {
  const { page } = bob;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.evaluate(() => localStorage.setItem('session-expires-at', new Date(0).toISOString()));
  await bob.context.setOffline(true);
  await page.reload();
  await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
  await expectNothingKept(page);
});

test('the secret of an invitation is in memory alone: before signing in, after it, and once it is accepted', async () => {
  const privateKey = generatePrivateKey();
  const alice = await signInAs(stack, 0);
  const { memberInvite } = await alice.request<{ memberInvite: { secret: string } }>(
    'mutation Invite($input: MemberInviteInput!) { memberInvite(input: $input) { secret userErrors { code } } }',
    {
      input: {
        organizationId: stack.stack.demo.organizationId,
        displayName: 'Grace',
        roles: ['VIEWER'],
        address: privateKeyToAddress(privateKey),
        idempotencyKey: 'invite-grace',
      },
    },
  );
  const { secret } = memberInvite;
  const guest = await browser.newPage({ locale: 'en-US' });
  await announceWallet(guest, { privateKey, chainId: stack.stack.chainId });
  await guest.goto(`${stack.stack.api}/invitation#${new URLSearchParams({ secret })}`);
  await guest.waitForURL('**/sign-in');
  const wallet = guest.getByRole('button', { name: `Sign in with ${ANNOUNCED_NAME}` });
  await wallet.waitFor();
  expect((await keptIn(guest)).lasting).not.toContain(secret);
  await wallet.click();
  const accept = guest.getByRole('button', { name: 'Accept' });
  await accept.waitFor();
  expect((await keptIn(guest)).lasting).not.toContain(secret);
  await accept.click();
  await guest.locator('[data-connection="LIVE"]').waitFor();
  const kept = await keptIn(guest);
  expect(kept.lastKnown).toBeGreaterThan(0);
  expect(kept.lasting + kept.ofTab).not.toContain(secret);
  await guest.close();
});

test('a page that is older than the server says so once, and is loaded anew only when asked to', async () => {
  const { page } = bob;
  await page.route('**/graphql', (route) =>
    route.fulfill({
      json: { errors: [{ message: 'Unknown hash.', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
    }),
  );
  await page.getByRole('link', { name: 'Members' }).click();
  await page.getByText('A new version is ready.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(1);
  expect(await bob.axeFindings()).toEqual([]);
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.locator('[data-connection="LIVE"]').waitFor();
  expect(await page.getByText('A new version is ready.').count()).toBe(0);
});

test('one batch is never shown under another one’s address', async () => {
  const { page } = bob;
  const first = await submitBatch(stack, 'first.csv', payroll(3, 'FIRST'));
  const second = await submitBatch(stack, 'second.csv', payroll(4, 'SECOND'));
  await bob.goTo(`/batches/${first.batchId}`);
  const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
  expect(title).toContain('first');
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/graphql', async (route) => {
    await held;
    await route.continue();
  });
  await page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/batches/${second.batchId}`);
  await page.locator(`[data-screen="/batches/${second.batchId}"]`).waitFor();
  expect(await page.getByRole('heading', { level: 1, name: title }).count()).toBe(0);
  answer();
  await page.getByRole('heading', { level: 1, name: /second/ }).waitFor();
});
