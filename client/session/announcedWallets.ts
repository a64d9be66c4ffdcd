// Wallets of the browser, found as EIP-6963 says: each announces itself, so that two extensions do not fight over one global.
export type Eip1193Provider = {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
  /** Not every wallet tells of changes. */
  on?(event: 'accountsChanged', listener: (accounts: unknown) => void): unknown;
};
/** EIP-6963: what a wallet says of itself. Nothing of it is trusted; the icon is shown as an image only. */
export type AnnouncedWallet = {
  info: { uuid: string; name: string; icon: string; rdns: string };
  provider: Eip1193Provider;
};

const MAX_WALLETS = 20;
const IMAGE = /^data:image\/(png|svg\+xml|webp|jpeg|gif);/;

/** Tells of each wallet once, as it announces itself. @returns stops listening */
export function listenForWallets(found: (wallet: AnnouncedWallet) => void): () => void {
  const seen = new Set<string>();
  const listener = (event: Event) => {
    const { detail } = event as CustomEvent<AnnouncedWallet>;
    const { uuid, name } = detail?.info ?? {};
    if (typeof uuid !== 'string' || typeof name !== 'string' || seen.has(uuid) || seen.size >= MAX_WALLETS)
      return;
    seen.add(uuid);
    found({
      ...detail,
      info: { ...detail.info, icon: IMAGE.test(detail.info.icon) ? detail.info.icon : '' },
    });
  };
  window.addEventListener('eip6963:announceProvider', listener);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  return () => window.removeEventListener('eip6963:announceProvider', listener);
}
