import type { Source, SourceAccount, SourceAsset, SourceChain } from './sourceTypes.ts';

/** Tokens that a batch can pay on the account’s chain: native currency cannot be. */
export function payableAssets(
  chains: readonly SourceChain[],
  account: SourceAccount | undefined,
): SourceAsset[] {
  const chain = chains.find(({ id }) => id === account?.chain.id);
  const assets = chain?.assets.edges.map(({ node }) => node) ?? [];
  return assets.filter(({ id }) => id !== chain?.nativeAsset.id);
}

/** What the account can pay without a doubt of the person’s: the only asset there is, or the only one that it has money of. */
export function onlyAsset(chains: readonly SourceChain[], account: SourceAccount | undefined) {
  const assets = payableAssets(chains, account);
  const held = (account?.balances.edges ?? [])
    .filter(({ node: { available } }) => /^(?!-).*[1-9]/.test(available.amount))
    .map(({ node }) => node.available.asset.id);
  return onlyOne(assets) ?? onlyOne(assets.filter(({ id }) => held.includes(id)));
}

/** What was used last, where it can still be; otherwise the only one there is. */
export function defaultSource(
  organizationId: string,
  chains: readonly SourceChain[],
  accounts: readonly SourceAccount[],
): Source {
  const last = readLast(organizationId);
  const account = accounts.find(({ id }) => id === last.accountId) ?? onlyOne(accounts);
  const assets = payableAssets(chains, account);
  const asset = assets.find(({ id }) => id === last.assetId) ?? onlyAsset(chains, account);
  return { accountId: account?.id ?? null, assetId: asset?.id ?? null };
}

export function rememberSource(organizationId: string, source: Source): void {
  localStorage.setItem(keyOf(organizationId), JSON.stringify(source));
}

function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function readLast(organizationId: string): Partial<Source> {
  try {
    return JSON.parse(localStorage.getItem(keyOf(organizationId)) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

function keyOf(organizationId: string): string {
  return `import-target ${organizationId}`;
}
