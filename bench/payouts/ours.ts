import type { Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type ApiFault, requireNoFaults, signIn } from '../../cli/apiClient.ts';
import { approveBatch } from '../../cli/approveBatch.ts';
import {
  BATCH,
  type BatchAnswer,
  IMPORT,
  type ImportAnswer,
  SUBMIT,
  WATCH,
  type WatchAnswer,
} from '../../cli/payrollDocuments.ts';
import type { StackFile } from '../../cli/stackFile.ts';
import type { BlockClock } from './blockClock.ts';
import { payrollCsv, payrollRows } from './payrollRows.ts';
import type { FinalGroup } from './sustained.ts';

export type Paid = {
  /** Of the API. */
  batchId: string;
  groups: FinalGroup[];
  approvedAtBlock: number;
  importSeconds: number;
  /** When the subscriber was told that so many were final: milliseconds of the Unix epoch. */
  told: { final: number; at: number }[];
};

/**
 * Pays `count` fresh recipients through the public API, watching as any subscriber does.
 * @param approved called once the last signature is given
 */
export async function payThroughApi(
  stack: StackFile,
  clock: BlockClock,
  count: number,
  approved: () => void = () => {},
): Promise<Paid> {
  const [proposer] = stack.demo.approvers;
  const api = await signIn(stack.api, privateKeyToAccount(proposer?.privateKey as Hex), stack.chainId);
  const label = `ours-${count}-${Date.now()}`;
  const rows = payrollRows(label, count);
  const { accountId, assetId } = stack.demo;
  const importStarted = performance.now();
  const imported = await api.request<ImportAnswer>(
    IMPORT,
    { input: { accountId, assetId, title: label, file: null, idempotencyKey: label } },
    { name: `${label}.csv`, bytes: new TextEncoder().encode(payrollCsv(rows, 6)) },
  );
  const importSeconds = (performance.now() - importStarted) / 1000;
  requireNoFaults(imported.payoutBatchImport.userErrors);
  const id = imported.payoutBatchImport.payoutBatch?.id ?? '';
  const submitted = await api.request<{ payoutBatchSubmit: { userErrors: ApiFault[] } }>(SUBMIT, {
    input: { payoutBatchId: id },
  });
  requireNoFaults(submitted.payoutBatchSubmit.userErrors);
  const { payoutBatch } = await api.request<BatchAnswer>(BATCH, { id });
  const approval = payoutBatch?.approvals.edges.at(-1)?.node;
  if (payoutBatch === null || approval === undefined) throw new Error('The batch asks for no approval.');
  const ownRows = rows.map((row, index) => ({ ...row, row: index + 2 }));
  await approveBatch(
    stack,
    api,
    payoutBatch,
    approval,
    async () => ownRows,
    () => {},
  );
  const approvedAtBlock = Number(clock.latest());
  approved();

  const groups: FinalGroup[] = [];
  const told: Paid['told'] = [];
  let final = 0;
  for await (const { payoutBatchUpdated } of api.subscribe<WatchAnswer>(WATCH, () => ({ id }))) {
    const { progress } = payoutBatchUpdated;
    if (progress.final > final) {
      groups.push({ payouts: progress.final - final, block: Number(clock.latest()) });
      told.push({ final: progress.final, at: Date.now() });
    }
    final = progress.final;
    if (final === count) break;
  }
  return { batchId: id, groups, approvedAtBlock, importSeconds, told };
}
