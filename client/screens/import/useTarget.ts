import { useMemo, useState } from 'react';
import type { Source } from '../source/sourceTypes.ts';
import type { ImportTarget } from './importTypes.ts';

/** Accounts by asset. */
type Split = Readonly<Record<string, string>>;

/** What of the file is paid from where, besides what is chosen to pay. */
export function useTarget({ accountId, assetId }: Source) {
  const [sheet, chooseSheet] = useState<string | null>(null);
  const [split, setSplit] = useState<Split>({});
  const target = useMemo(
    () => targetOf({ accountId, assetId }, sheet, split),
    [accountId, assetId, sheet, split],
  );
  return {
    /** Null while something is missing. */
    target,
    sheet,
    chooseSheet,
    split,
    chooseSplit(splitAssetId: string, splitAccountId: string | null) {
      setSplit(withSplit(split, splitAssetId, splitAccountId));
    },
  };
}

function targetOf({ accountId, assetId }: Source, sheet: string | null, split: Split): ImportTarget | null {
  if (accountId === null || assetId === null) return null;
  const splitAccounts = Object.entries(split)
    .filter(([splitAssetId]) => splitAssetId !== assetId)
    .map(([splitAssetId, splitAccountId]) => ({ accountId: splitAccountId, assetId: splitAssetId }));
  return { accountId, assetId, sheet, splitAccounts };
}

function withSplit(split: Split, assetId: string, accountId: string | null): Split {
  const { [assetId]: _, ...others } = split;
  return accountId === null ? others : { ...others, [assetId]: accountId };
}
