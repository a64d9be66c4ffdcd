import type { Browser } from 'playwright-core';
import type { StackFile } from '../../cli/stackFile.ts';
import { signedInContext } from './browser.ts';

/** What the dashboard has when it is there: the sections that are made of the API's answer. */
const CONTENT = 'main#content section';
const TIMEOUT_MS = 60_000;

export type FirstLoad = {
  /** All that came over the network until then, headers and API answers included, as compressed. */
  bytes: number;
  /** From the navigation's start until the content is there and the page is idle, in milliseconds. */
  interactiveMs: number;
};

/** Opens the dashboard in a browser that knows nothing of it but the session. */
export async function measureFirstLoad(browser: Browser, stack: StackFile): Promise<FirstLoad> {
  const context = await signedInContext(browser, stack);
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await network.send('Network.enable');
  await page.addInitScript((selector) => {
    const look = () => {
      if (document.querySelector(selector) === null) return;
      observer.disconnect();
      requestIdleCallback(() => Object.assign(window, { interactiveMs: performance.now() }));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  }, CONTENT);
  await page.goto(stack.api, { waitUntil: 'commit' });
  const known = await page.waitForFunction(
    () => (window as { interactiveMs?: number }).interactiveMs,
    undefined,
    { timeout: TIMEOUT_MS },
  );
  const until = bytes;
  const interactiveMs = Number(await known.jsonValue());
  await context.close();
  return { bytes: until, interactiveMs };
}
