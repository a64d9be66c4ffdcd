import type { ChosenAccount, ChosenChain } from './importTypes.ts';

type Choice = { accountId: string | null; assetId: string | null };

/** Tokens that a batch can pay on the account’s chain: native currency cannot be. */
export function payableAssets(chains: readonly ChosenChain[], account: ChosenAccount | undefined) {
  const chain = chains.find(({ id }) => id === account?.chain.id);
  const assets = chain?.assets.edges.map(({ node }) => node) ?? [];
  return assets.filter(({ id }) => id !== chain?.nativeAsset.id);
}

/** What the account can pay without a doubt of the person’s: the only asset there is, or the only one that it has money of. */
export function onlyAsset(chains: readonly ChosenChain[], account: ChosenAccount | undefined) {
  const assets = payableAssets(chains, account);
  const held = (account?.balances.edges ?? [])
    .filter(({ node: { available } }) => /^(?!-).*[1-9]/.test(available.amount))
    .map(({ node }) => node.available.asset.id);
  return onlyOne(assets) ?? onlyOne(assets.filter(({ id }) => held.includes(id)));
}

/** What was used last, where it can still be; otherwise the only one there is. */
export function defaultChoice(
  organizationId: string,
  chains: readonly ChosenChain[],
  accounts: readonly ChosenAccount[],
): Choice {
  const last = readLast(organizationId);
  const account = accounts.find(({ id }) => id === last.accountId) ?? onlyOne(accounts);
  const assets = payableAssets(chains, account);
  const asset = assets.find(({ id }) => id === last.assetId) ?? onlyAsset(chains, account);
  return { accountId: account?.id ?? null, assetId: asset?.id ?? null };
}

export function rememberChoice(organizationId: string, choice: Choice): void {
  localStorage.setItem(keyOf(organizationId), JSON.stringify(choice));
}

function onlyOne<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function readLast(organizationId: string): Partial<Choice> {
  try {
    return JSON.parse(localStorage.getItem(keyOf(organizationId)) ?? '{}') ?? {};
  } catch {
    return {};
  }
}

function keyOf(organizationId: string): string {
  return `import-target ${organizationId}`;
}
