const STORAGE_KEY = 'import-attempt';

/** What the server would make batches of. */
export type ImportRequest = {
  readonly digest: string;
  readonly title: string;
  readonly accountId: string;
  readonly assetId: string;
  readonly sheet: string | null;
  readonly splitAccounts: readonly { accountId: string; assetId: string }[];
};

/**
 * The same for the same request until one has succeeded, after a reload too: whoever tries again after a time-out, or
 * drops the same file again, makes one batch. The next import of the same file is another one.
 */
export async function importKey(request: ImportRequest): Promise<string> {
  const { digest, title, accountId, assetId, sheet, splitAccounts } = request;
  const split = splitAccounts.map((each) => [each.accountId, each.assetId]);
  const text = JSON.stringify([attempt(), digest, title, accountId, assetId, sheet, split]);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}

/** The import is made: what comes next is another one. */
export function endAttempt(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

function attempt(): string {
  const known = sessionStorage.getItem(STORAGE_KEY);
  if (known !== null) return known;
  const fresh = crypto.randomUUID();
  sessionStorage.setItem(STORAGE_KEY, fresh);
  return fresh;
}
