import { readFileSync } from 'node:fs';
import type { Request } from 'playwright-core';

const DOCUMENTS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../../../client/generated/persistedDocuments.json', import.meta.url), 'utf8'),
);

/** The name of the operation that a page sends: documents themselves it never sends, only their hashes. */
export function sentOperation(request: Request): string {
  const { documentId, extensions } = request.postDataJSON() as {
    documentId?: string;
    extensions?: { persistedQuery?: { sha256Hash?: string } };
  };
  const document = DOCUMENTS[documentId ?? extensions?.persistedQuery?.sha256Hash ?? ''];
  const name = /\b(?:query|mutation|subscription) (\w+)/.exec(document ?? '')?.[1];
  if (name === undefined) throw new Error(`No document of the client's: ${request.postData()}`);
  return name;
}
