import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestStack } from '../stack.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HEIGHT_PX = 900;
/** Only a failing test ever waits so long. */
const TIMEOUT_MS = 240_000;
/** A screen that lost its server says so on the console; that is no fault of the screen. */
const NETWORK_LOSS = /net::ERR_|Failed to load resource|WebSocket connection|Failed to fetch/;

/** How somebody sits before the screen. */
export type Seat = { language: 'en' | 'zh'; scheme: 'light' | 'dark'; widthPx: 390 | 1440 };

/** One person in a browser of their own: cookies, storage and all. */
export type Person = {
  context: BrowserContext;
  page: Page;
  /** Goes to a screen within the page, as a link does. */
  goTo(path: string): Promise<void>;
  /** What axe finds wrong on the screen of now, a line each. */
  axeFindings(): Promise<string[]>;
  /** Whether the page is wider than the screen. */
  scrollsSideways(): Promise<boolean>;
  /** Errors on the console and those that nothing caught, but for lost connections. */
  faults: readonly string[];
};

/** Opens a browser context and signs in with an approver's demonstration link. */
export async function seatPerson(
  browser: Browser,
  stack: TestStack,
  approver: number,
  { language, scheme, widthPx }: Seat,
): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: widthPx, height: HEIGHT_PX },
    colorScheme: scheme,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !NETWORK_LOSS.test(message.text())) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  const { privateKey } = stack.stack.demo.approvers[approver] ?? {};
  await page.goto(`${stack.stack.api}/sign-in#key=${privateKey}`);
  await page.waitForURL((url) => url.pathname === '/');
  await page.locator('[data-connection="LIVE"]').waitFor();
  return {
    context,
    page,
    goTo: async (path) => {
      await page.evaluate((to) => {
        history.pushState({}, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, path);
      // Until then the former screen, and its heading, may still be there.
      const { pathname } = new URL(path, stack.stack.api);
      await page.locator(`[data-screen="${pathname}"]`).getByRole('heading', { level: 1 }).waitFor();
    },
    axeFindings: async () => {
      // Not as a script of the page: its content security policy would rightly refuse that.
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run());
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    },
    scrollsSideways: () =>
      page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth),
    faults,
  };
}

type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
