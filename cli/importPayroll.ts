import { createHash } from 'node:crypto';
import type { ApiClient } from './apiClient.ts';
import { IMPORT, type ImportAnswer } from './payrollDocuments.ts';
import type { StackFile } from './stackFile.ts';

/** A payroll as it lies on disk, and which of its payments it is: '' for the only one. */
export type PayrollFile = { name: string; bytes: Uint8Array<ArrayBuffer>; run: string };

/**
 * Imports a file. The idempotency key follows from its bytes, account, asset and run: the same again is the same batch,
 * whatever became of the command that made it.
 */
export async function importPayroll(
  api: ApiClient,
  { accountId, assetId }: Pick<StackFile['demo'], 'accountId' | 'assetId'>,
  { name, bytes, run }: PayrollFile,
): Promise<ImportAnswer['payoutBatchImport']> {
  const fileHash = createHash('sha256').update(bytes).digest('hex');
  const idempotencyKey = createHash('sha256')
    .update(JSON.stringify([fileHash, accountId, assetId, run]))
    .digest('hex');
  // Not the file's name: renamed and run again, it is still the same payroll.
  const title = run === '' ? `Payroll ${fileHash.slice(0, 8)}` : `Payroll ${run}`;
  const { payoutBatchImport } = await api.request<ImportAnswer>(
    IMPORT,
    { input: { accountId, assetId, title, file: null, idempotencyKey } },
    { name, bytes },
  );
  return payoutBatchImport;
}
