import type { Browser, Page } from 'playwright-core';
import type { StackFile } from '../../cli/stackFile.ts';
import { signedInContext } from './browser.ts';

const TABLE = '[role="table"]';
const WHEEL_TURNS = 150;
const WHEEL_PX = 900;
const JUMPS = 20;
const PAGE_KEYS = 30;
const FRAME_MS = 16;
const TIMEOUT_MS = 60_000;

export type Scrolling = {
  /** The longest that the page's one thread was busy in one go while the list was scrolled, in ms; 0: never 50 ms. */
  longestTaskMs: number;
  /** The longest wait between two frames. */
  longestFrameMs: number;
  rows: number;
};

type Measured = { tasks: number[]; frames: number[] };

/** Scrolls a batch's row list by wheel, by leaps through all of it, and by keyboard. */
export async function measureScrolling(
  browser: Browser,
  stack: StackFile,
  batchId: string,
): Promise<Scrolling> {
  const context = await signedInContext(browser, stack);
  const page = await context.newPage();
  await page.goto(`${stack.api}/batches/${batchId}`);
  const table = page.locator(TABLE);
  await table.locator('[role="row"] button').first().waitFor({ timeout: TIMEOUT_MS });
  await table.scrollIntoViewIfNeeded();
  await table.hover();
  await watch(page);
  for (let turn = 0; turn < WHEEL_TURNS; turn += 1) {
    await page.mouse.wheel(0, WHEEL_PX);
    await page.waitForTimeout(FRAME_MS);
  }
  for (let jump = 1; jump <= JUMPS; jump += 1) {
    await table.evaluate((element, share) => {
      element.scrollTop = element.scrollHeight * share;
    }, jump / JUMPS);
    await page.waitForTimeout(FRAME_MS * 6);
  }
  await table.focus();
  for (let key = 0; key < PAGE_KEYS; key += 1) await page.keyboard.press('PageUp');
  await page.keyboard.press('End');
  const rows = Number(await table.getAttribute('aria-rowcount')) - 1;
  // The last row is there: what was scrolled to is shown, not only skipped.
  await table.locator(`[role="row"][aria-rowindex="${rows + 1}"] button`).waitFor({ timeout: TIMEOUT_MS });
  const { tasks, frames } = await page.evaluate(() => (window as unknown as { measured: Measured }).measured);
  await context.close();
  return { longestTaskMs: Math.max(0, ...tasks), longestFrameMs: Math.max(0, ...frames), rows };
}

async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const measured: Measured = { tasks: [], frames: [] };
    Object.assign(window, { measured });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) measured.tasks.push(duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number) => {
      measured.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}
