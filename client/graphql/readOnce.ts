import type { AnyVariables } from '@urql/core';
import { noteNewVersion } from './newVersion.ts';
import type { PersistedDocument } from './persistedDocument.ts';

const GRAPHQL_PATH = '/graphql';

type Answer<Data> = {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: { code?: unknown } }[];
};

/** The server answered, and refused. Without an answer there is a TypeError, as `fetch` throws it. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
}

/**
 * Asks once, past every cache: for long lists, of which screens keep what they show themselves.
 * @throws ReadError when the server refuses; TypeError without a connection; AbortError
 */
export async function readOnce<Data, Variables extends AnyVariables>(
  document: PersistedDocument<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Data> {
  const response = await fetch(GRAPHQL_PATH, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'GraphQL-Require-Preflight': '1',
    },
    body: JSON.stringify({
      operationName: document.operationName,
      variables,
      extensions: { persistedQuery: { version: 1, sha256Hash: document.documentId } },
    }),
    signal,
  });
  const answer = (await response.json()) as Answer<Data>;
  noteNewVersion(answer.errors ?? []);
  const [fault] = answer.errors ?? [];
  if (fault !== undefined) throw new ReadError(fault.message);
  if (answer.data == null) throw new ReadError(`The server answered ${response.status}.`);
  return answer.data;
}
