import { useState } from 'react';
import { useOrganization } from '../../session/OrganizationProvider.tsx';
import { defaultSource, onlyAsset, payableAssets } from './sourceDefaults.ts';
import type { Source, SourceAccount, SourceAsset, SourceChain } from './sourceTypes.ts';

/** What pays as it is chosen, and what there is to choose from. */
export type SourceChoice = {
  readonly chosen: Source;
  readonly accounts: readonly SourceAccount[];
  /** The one chosen. */
  readonly account: SourceAccount | undefined;
  /** What that can pay. */
  readonly assets: readonly SourceAsset[];
  /** Another account keeps the asset where it can pay it, and otherwise pays the only one that it can. */
  chooseAccount(id: string | null): void;
  chooseAsset(id: string | null): void;
};

/** Begins with what was used last, where it can still be. @param accounts that can pay */
export function useSource(
  chains: readonly SourceChain[],
  accounts: readonly SourceAccount[],
  changed?: () => void,
): SourceChoice {
  const { organization } = useOrganization();
  const [chosen, setChosen] = useState(() => defaultSource(organization.id, chains, accounts));
  const find = (accountId: string | null) => accounts.find(({ id }) => id === accountId);
  const account = find(chosen.accountId);
  const choose = (source: Source) => {
    setChosen(source);
    changed?.();
  };
  return {
    chosen,
    accounts,
    account,
    assets: payableAssets(chains, account),
    chooseAccount(accountId) {
      const same = payableAssets(chains, find(accountId)).find(({ id }) => id === chosen.assetId);
      choose({ accountId, assetId: (same ?? onlyAsset(chains, find(accountId)))?.id ?? null });
    },
    chooseAsset: (assetId) => choose({ ...chosen, assetId }),
  };
}
