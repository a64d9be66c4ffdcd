import type { Browser, Locator, Page } from 'playwright-core';
import type { StackFile } from '../../cli/stackFile.ts';
import { signedInContext } from './browser.ts';

const TABLE = '[role="table"]';
const WHEEL_TURNS = 150;
const WHEEL_PX = 900;
const JUMPS = 20;
const PAGE_KEYS = 30;
const FRAME_MS = 16;
const TIMEOUT_MS = 60_000;
const US_PER_MS = 1_000;
const CATEGORIES = ['toplevel', 'disabled-by-default-devtools.timeline'];

export type Scrolling = {
  /** The longest that the page's one thread was held by one task while the list was scrolled, by the clock. */
  longestTaskMs: number;
  /** The longest that one task computed: what remains on a machine that has nothing else to do. */
  longestTaskCpuMs: number;
  rows: number;
};

/** Of Chromium's trace; `dur` and `tdur` in microseconds, by the clock and on the processor. */
type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

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
  await browser.startTracing(page, { categories: CATEGORIES });
  await scroll(page, table);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const rows = Number(await table.getAttribute('aria-rowcount')) - 1;
  // The last row is there: what was scrolled to is shown, not only skipped.
  await table.locator(`[role="row"][aria-rowindex="${rows + 1}"] button`).waitFor({ timeout: TIMEOUT_MS });
  await context.close();
  const tasks = tasksOfPage(trace.traceEvents);
  return {
    longestTaskMs: Math.max(0, ...tasks.map(({ dur = 0 }) => dur)) / US_PER_MS,
    longestTaskCpuMs: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / US_PER_MS,
    rows,
  };
}

async function scroll(page: Page, table: Locator): Promise<void> {
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
}

/** @throws Error when the trace tells of none: then nothing was measured */
function tasksOfPage(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name.includes('RunTask') && ph === 'X' && threads.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error('The browser’s trace has no tasks.');
  return tasks;
}
