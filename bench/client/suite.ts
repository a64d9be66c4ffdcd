import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { requireNoFaults, signIn } from '../../cli/apiClient.ts';
import { IMPORT, type ImportAnswer } from '../../cli/payrollDocuments.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import { payroll } from '../../examples/generate.ts';
import { startBenchStack } from '../payouts/stack.ts';
import { type BenchRow, benchRow, percentile } from '../report.ts';
import { launchBrowser } from './browser.ts';
import { measureFirstLoad } from './firstLoad.ts';
import { measureScrolling } from './scrolling.ts';

const LARGE_BATCH_ROWS = 100_000;
/** Each in a browser that knows nothing; the median counts. */
const FIRST_LOADS = 7;
const BYTES_PER_KB = 1_000;

/** What people wait for in a browser: the first load of the dashboard, and a list of 100,000 rows. */
export async function runClientSuite(say: (line: string) => void): Promise<BenchRow[]> {
  say('Starting a stack of its own…');
  const { stack, stop } = await startBenchStack();
  try {
    say(`Importing ${LARGE_BATCH_ROWS} rows…`);
    const imported = await importLarge(stack);
    return [
      benchRow('import, 100,000 lines', 's', imported.seconds),
      ...(await measureClient(stack, imported.batchId, say)),
    ];
  } finally {
    await stop();
  }
}

/** The same on a stack that runs already and has such a batch. */
export async function measureClient(
  stack: StackFile,
  batchId: string,
  say: (line: string) => void,
): Promise<BenchRow[]> {
  const browser = await launchBrowser();
  try {
    say('First load of the dashboard…');
    // The server's own first request is none of the browser's matter.
    await measureFirstLoad(browser, stack);
    const loads = [];
    for (let load = 0; load < FIRST_LOADS; load += 1) loads.push(await measureFirstLoad(browser, stack));
    const median = (figures: number[]) => percentile(figures, 50);
    say('Scrolling…');
    const scrolling = await measureScrolling(browser, stack, batchId);
    const rows = scrolling.rows.toLocaleString('en');
    return [
      benchRow(
        'first load of the dashboard, compressed',
        'kB',
        median(loads.map(({ bytes }) => bytes)) / BYTES_PER_KB,
      ),
      benchRow(
        'first load of the dashboard, interactive',
        'ms',
        median(loads.map(({ interactiveMs }) => interactiveMs)),
      ),
      benchRow(`longest task, scrolling ${rows} rows, by the clock`, 'ms', scrolling.longestTaskMs),
      benchRow(`longest task, scrolling ${rows} rows, on the processor`, 'ms', scrolling.longestTaskCpuMs),
    ];
  } finally {
    await browser.close();
  }
}

async function importLarge(stack: StackFile): Promise<{ batchId: string; seconds: number }> {
  const [member] = stack.demo.approvers;
  const api = await signIn(stack.api, privateKeyToAccount(member?.privateKey as Hex), stack.chainId);
  const bytes = new TextEncoder().encode(payroll(LARGE_BATCH_ROWS, 'CLIENT'));
  const { accountId, assetId } = stack.demo;
  const input = { accountId, assetId, title: 'Loyalty rewards', idempotencyKey: 'bench-client', file: null };
  const started = performance.now();
  const { payoutBatchImport } = await api.request<ImportAnswer>(
    IMPORT,
    { input },
    { name: 'large.csv', bytes },
  );
  requireNoFaults(payoutBatchImport.userErrors);
  const batchId = payoutBatchImport.payoutBatch?.id;
  if (batchId === undefined) throw new Error('Nothing was imported.');
  return { batchId, seconds: (performance.now() - started) / 1_000 };
}
