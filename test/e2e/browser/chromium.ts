import { type Browser, chromium } from 'playwright-core';

/** Debian's; a package's own download would come from elsewhere than the registries. */
const EXECUTABLE = '/usr/bin/chromium';
/** As root in a container there is no sandbox; without the others it asks hosts that are not there, many at a time. */
const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A real Chromium without a window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}
