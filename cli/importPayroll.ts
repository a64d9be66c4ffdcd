import { createHash } from 'node:crypto';
import type { ApiClient } from './apiClient.ts';
import { IMPORT, type ImportAnswer } from './payrollDocuments.ts';
import { titleOf } from './rememberTitle.ts';
import type { StackFile } from './stackFile.ts';

/** A payroll as it lies on disk, and which of its payments it is: '' for the only one. */
export type PayrollFile = { name: string; bytes: Uint8Array<ArrayBuffer>; run: string };

/**
 * Imports a file. The idempotency key follows from its bytes, account, asset and run: the same again is the same batch,
 * whatever became of the command that made it.
 * @param titleFor the title to send for a key: always the same one, or the API refuses the key; by default the file's name and the run
 */
export async function importPayroll(
  api: ApiClient,
  { accountId, assetId }: Pick<StackFile['demo'], 'accountId' | 'assetId'>,
  { name, bytes, run }: PayrollFile,
  titleFor: (key: string, title: string) => Promise<string> = async (_key, title) => title,
): Promise<ImportAnswer['payoutBatchImport']> {
  const fileHash = createHash('sha256').update(bytes).digest('hex');
  const idempotencyKey = createHash('sha256')
    .update(JSON.stringify([fileHash, accountId, assetId, run]))
    .digest('hex');
  const title = await titleFor(idempotencyKey, titleOf(name, run));
  const { payoutBatchImport } = await api.request<ImportAnswer>(
    IMPORT,
    { input: { accountId, assetId, title, file: null, idempotencyKey } },
    { name, bytes },
  );
  return payoutBatchImport;
}
