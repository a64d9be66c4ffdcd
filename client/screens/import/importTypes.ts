import type { ImportPayoutsMutation } from '../../generated/operationTypes.ts';

export type ImportAnswer = NonNullable<ImportPayoutsMutation['payoutBatchImport']>;
export type ImportIssue = ImportAnswer['issues'][number];
export type ImportPreview = NonNullable<ImportAnswer['preview']>;
export type RequestFault = ImportAnswer['userErrors'][number];
export type SplitAccount = { readonly accountId: string; readonly assetId: string };

/** From where and in what a file is paid, and what of it is read. */
export type ImportTarget = {
  readonly accountId: string;
  readonly assetId: string;
  /** Null: the first that is shown. */
  readonly sheet: string | null;
  readonly splitAccounts: readonly SplitAccount[];
};
