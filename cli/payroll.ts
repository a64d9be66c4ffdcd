// npm run payroll -- FILE [--run NAME] [--json] [--stack FILE]: pays a file through the public API, as the demonstration organization.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type ApiClient, type ApiFault, requireNoFaults, signIn } from './apiClient.ts';
import { approveBatch } from './approveBatch.ts';
import { CliError, runCommand } from './cliError.ts';
import { importPayroll, type PayrollFile } from './importPayroll.ts';
import { issueTable } from './issueTable.ts';
import { BATCH, type BatchAnswer, SUBMIT, TRANSACTIONS } from './payrollDocuments.ts';
import { type OwnAsset, readOwnRows } from './readOwnRows.ts';
import { rememberTitle } from './rememberTitle.ts';
import { readStackFile, STACK_FILE, type StackFile } from './stackFile.ts';
import { watchBatch } from './watchBatch.ts';

const USAGE = 'Usage: npm run payroll -- FILE [--run NAME] [--json] [--stack FILE]';
const EXIT_FILE_AT_FAULT = 2;
const EXIT_NOT_ALL_PAID = 3;

await runCommand(async () => {
  const { file, run, json, stackFile } = readArguments();
  const started = performance.now();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const bytes = new Uint8Array(
    await readFile(file).catch(() => {
      throw new CliError(`${file} cannot be read.`, EXIT_FILE_AT_FAULT);
    }),
  );
  const stack = await readStackFile(stackFile);
  const [proposer] = stack.demo.approvers;
  if (proposer === undefined) throw new CliError('The stack names no approver.');
  const api = await signIn(stack.api, privateKeyToAccount(proposer.privateKey as Hex), stack.chainId);

  const titles = join(dirname(stackFile), 'titles');
  const batchId = await importFile(api, stack, { name: basename(file), bytes, run }, titles, say);
  if (batchId === null) return EXIT_FILE_AT_FAULT;
  const batch = await submitAndApprove(
    api,
    stack,
    batchId,
    bytes,
    join(dirname(stackFile), 'manifests'),
    say,
  );
  const end = await watchBatch(api, batchId, batch.payoutCount, !json);
  const seconds = (performance.now() - started) / 1000;
  const { final, failed, undelivered } = end.progress;
  if (json) {
    const transactions = await countTransactions(api, batchId);
    process.stdout.write(
      `${JSON.stringify({ batchId, payouts: { final, failed }, seconds, transactions })}\n`,
    );
  } else {
    say(`${final} of ${batch.payoutCount} payouts are final after ${seconds.toFixed(1)} s.`);
    if (undelivered > 0)
      say(`${undelivered} could not be delivered and are still owed; cancel the batch to take them back.`);
  }
  return final === batch.payoutCount ? 0 : EXIT_NOT_ALL_PAID;
});

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        run: { type: 'string', default: '' },
        json: { type: 'boolean', default: false },
        stack: { type: 'string', default: STACK_FILE },
      },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new CliError(USAGE, EXIT_FILE_AT_FAULT);
    return { file, run: values.run, json: values.json, stackFile: values.stack };
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(USAGE, EXIT_FILE_AT_FAULT);
  }
}

/** The batch of this file, imported now or by an earlier, interrupted run; null when rows are at fault. */
async function importFile(
  api: ApiClient,
  stack: StackFile,
  file: PayrollFile,
  titles: string,
  say: (line: string) => void,
): Promise<string | null> {
  const answer = await importPayroll(api, stack.demo, file, (key, title) =>
    rememberTitle(titles, key, title),
  );
  if (answer.userErrors.some(({ code }) => code === 'IDEMPOTENCY_KEY_REUSED')) {
    const message =
      'This file is in the system already, under another title, and is not paid twice. Give it the name back that it had when it was first imported, or name the run to pay it again: --run 2026-12';
    throw new CliError(message, EXIT_FILE_AT_FAULT);
  }
  requireNoFaults(answer.userErrors);
  if (answer.issues.length > 0) say(issueTable(answer.issues, answer.issueCount));
  if (answer.payoutBatch === null) {
    say('Nothing was written. Mend the rows above and run the command again.');
    return null;
  }
  if (!answer.replayed) say('Imported.');
  else if (answer.payoutBatch.status === 'COMPLETED') {
    say('This file was paid before. To pay it again, as next month, name the run: --run 2026-12');
  } else say('This file is under way already: resuming its batch.');
  return answer.payoutBatch.id;
}

async function submitAndApprove(
  api: ApiClient,
  stack: StackFile,
  batchId: string,
  bytes: Uint8Array<ArrayBuffer>,
  manifests: string,
  say: (line: string) => void,
) {
  const { payoutBatchSubmit } = await api.request<{ payoutBatchSubmit: { userErrors: ApiFault[] } }>(SUBMIT, {
    input: { payoutBatchId: batchId },
  });
  requireNoFaults(payoutBatchSubmit.userErrors);
  const { payoutBatch: batch } = await api.request<BatchAnswer>(BATCH, { id: batchId });
  if (batch === null) throw new CliError('The batch is gone.');
  const approval = batch.approvals.edges.at(-1)?.node;
  if (approval?.kind === 'PAYOUT_OPEN' && approval.status === 'PENDING') {
    const readRows = (asset: OwnAsset) => readOwnRows(bytes, asset);
    const approved = await approveBatch(stack, api, batch, approval, readRows, say);
    await mkdir(manifests, { recursive: true });
    const manifestFile = join(manifests, `${approved.manifest.batchId}.json`);
    await writeFile(manifestFile, approved.manifestText);
    say(`Checked against your file and approved. With this manifest anyone can execute it: ${manifestFile}`);
  }
  return batch;
}

async function countTransactions(api: ApiClient, id: string): Promise<number> {
  let count = 0;
  let after: string | null = null;
  for (;;) {
    const answer: {
      payoutBatch: {
        transactions: { edges: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
      };
    } = await api.request(TRANSACTIONS, { id, after });
    const { edges, pageInfo } = answer.payoutBatch.transactions;
    count += edges.length;
    if (!pageInfo.hasNextPage) return count;
    after = pageInfo.endCursor;
  }
}
