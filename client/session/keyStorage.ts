// Where a demonstration key stays: in this tab alone. A reload keeps it, closing the tab forgets it.
const STORAGE_KEY = 'demonstration-key';

export function rememberKey(key: string): void {
  sessionStorage.setItem(STORAGE_KEY, key);
}

export function rememberedKey(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

export function forgetKey(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

/** Takes the key of a sign-in link out of the address bar, before it is copied or remembered with it. */
export function takeKeyFromAddressBar(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key !== null) history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  return key;
}
