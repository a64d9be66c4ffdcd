import { useSyncExternalStore } from 'react';
import { rememberedKey } from './keyStorage.ts';
import type { Wallet } from './wallet.ts';

let current: Wallet | null = null;
const listeners = new Set<() => void>();

/** The wallet of this tab; null after a reload, until the person connects it again. */
export function useWallet(): Wallet | null {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current,
  );
}

export function setWallet(wallet: Wallet | null): void {
  current = wallet;
  for (const changed of listeners) changed();
}

/** A demonstration key that this tab remembers comes back by itself after a reload. */
export async function restoreDemonstrationWallet(): Promise<void> {
  const key = rememberedKey();
  if (key === null || current !== null) return;
  const { demonstrationWallet } = await import('./demonstrationKey.ts');
  setWallet(demonstrationWallet(key));
}
