import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import type { StackFile } from '../../cli/stackFile.ts';

/** Debian's package. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SIGN_IN_TIMEOUT_MS = 30_000;
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
const VIEWPORT = { width: 1440, height: 900 };

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, '--disable-background-networking', '--disable-component-update'],
  });
}

/** A browser that has the demonstration's first approver's session, and has loaded nothing yet. */
export async function signedInContext(browser: Browser, stack: StackFile): Promise<BrowserContext> {
  const [member] = stack.demo.approvers;
  if (member === undefined) throw new Error('The stack names no approver.');
  const before = await browser.newContext();
  const page = await before.newPage();
  await page.goto(`${stack.api}/sign-in#key=${member.privateKey}`);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { timeout: SIGN_IN_TIMEOUT_MS });
  const cookies = await before.cookies();
  await before.close();
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-US', serviceWorkers: 'block' });
  await context.addCookies(cookies);
  return context;
}
