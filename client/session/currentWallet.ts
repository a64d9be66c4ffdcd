import { pageValue } from '../app/pageValue.ts';
import { rememberedKey } from './keyStorage.ts';
import type { Wallet } from './wallet.ts';

const current = pageValue<Wallet | null>(null);

/** The wallet of this tab; null after a reload, until the person connects it again. */
export function useWallet(): Wallet | null {
  return current.use();
}

export function setWallet(wallet: Wallet | null): void {
  current.set(wallet);
}

/** A demonstration key that this tab remembers comes back by itself after a reload. */
export async function restoreDemonstrationWallet(): Promise<void> {
  const key = rememberedKey();
  if (key === null || current.get() !== null) return;
  const { demonstrationWallet } = await import('./demonstrationKey.ts');
  setWallet(demonstrationWallet(key));
}
