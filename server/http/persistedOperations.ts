import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { z } from 'zod';
import { BaseError } from '../../core/errors.ts';
import { MAX_DOCUMENT_CHARACTERS } from './operationLimits.ts';

/** A client has some dozens. */
export const MAX_PERSISTED_OPERATIONS = 10_000;

/** SHA-256 in hexadecimal digits, some clients with the algorithm before it. */
const HASH = /^(?:sha256:)?([0-9a-f]{64})$/;
const Manifest = z.record(z.string(), z.string());

/** A manifest of persisted operations cannot be used. The message names the file. */
export class PersistedOperationsError extends BaseError {
  override readonly name = 'PersistedOperationsError';
  constructor(message: string) {
    super('PERSISTED_OPERATIONS_INVALID', message);
  }
}

/** What a request names its operation by, whichever way it came. */
export type OperationParams = {
  readonly query?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
};

export type PersistedOperations = {
  /** How many operations are known by their hash. */
  readonly count: number;
  /**
   * The document that a request is for, null when it names none; or why it is refused. Nothing that a client sends ever
   * becomes known: documents come from the manifests alone.
   */
  documentOf(params: OperationParams): string | null | GraphQLError;
};

/**
 * Reads manifests of persisted operations: JSON, from the SHA-256 of each document to its text.
 * @param options.files the client's own, which may not be there yet, and all `.json` files of a directory
 * @param options.isOnly refuses operations that no manifest holds
 * @throws PersistedOperationsError when one is not readable, a hash is not its text's, or nothing at all could be asked
 */
export function loadPersistedOperations(options: {
  clientManifest: string;
  directory: string | null;
  isOnly: boolean;
}): PersistedOperations {
  const documents = new Map<string, string>();
  for (const path of manifestPaths(options)) readManifest(path, documents);
  if (options.isOnly && documents.size === 0) {
    throw new PersistedOperationsError(
      `Only persisted operations are to be answered, and there are none: ${options.clientManifest} is missing.`,
    );
  }
  return {
    count: documents.size,
    documentOf: (params) => documentOf(documents, options.isOnly, params),
  };
}

/** The same over HTTP and SSE. Comes before whatever looks at a request's document. */
export function persistedOperationsPlugin(operations: PersistedOperations): Plugin {
  return {
    onParams: ({ params, setParams }) => {
      const document = operations.documentOf(params as OperationParams);
      // Thrown, or the request would be looked at for its missing text all the same.
      if (document instanceof GraphQLError) throw document;
      if (document !== null && document !== params.query) setParams({ ...params, query: document });
    },
  };
}

function documentOf(
  documents: ReadonlyMap<string, string>,
  isOnly: boolean,
  { query, extensions, documentId }: OperationParams,
): string | null | GraphQLError {
  const named = documentId ?? hashOf(extensions);
  // Over WebSocket the protocol asks for a text: an empty one is none.
  const text = typeof query === 'string' && query !== '' ? query : null;
  if (named === undefined || named === null) {
    if (!isOnly) return text;
    return refusal(
      'PERSISTED_QUERY_REQUIRED',
      'Only persisted operations are answered here: send the hash of one.',
    );
  }
  const [, hash] = (typeof named === 'string' ? HASH.exec(named) : null) ?? [];
  const document = hash === undefined ? undefined : documents.get(hash);
  if (document === undefined) {
    return refusal('PERSISTED_QUERY_NOT_FOUND', 'No persisted operation has this hash.');
  }
  if (text !== null && text !== document) {
    return refusal('BAD_USER_INPUT', 'The document is not the one of the hash. Send the hash alone.');
  }
  return document;
}

function hashOf(extensions: unknown): unknown {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: unknown };
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  const { version, sha256Hash } = persistedQuery as { version?: unknown; sha256Hash?: unknown };
  // Neither is a hash that could be known.
  return version === 1 ? (sha256Hash ?? 'missing') : 'of another version';
}

function refusal(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}

function manifestPaths(options: { clientManifest: string; directory: string | null }): string[] {
  const { clientManifest, directory } = options;
  if (directory === null) return [clientManifest];
  try {
    const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
    return [clientManifest, ...files.sort().map((name) => join(directory, name))];
  } catch {
    throw new PersistedOperationsError(`PERSISTED_OPERATIONS_DIRECTORY (${directory}) cannot be read.`);
  }
}

function readManifest(path: string, documents: Map<string, string>): void {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // The client's own: `npm run generate` was not run yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new PersistedOperationsError(`${path} cannot be read.`);
  }
  for (const [hash, document] of Object.entries(parseManifest(path, text))) {
    if (createHash('sha256').update(document).digest('hex') !== hash) {
      throw new PersistedOperationsError(`${path}: ${hash} is not the SHA-256 of its document.`);
    }
    if (document.length > MAX_DOCUMENT_CHARACTERS) {
      throw new PersistedOperationsError(
        `${path}: ${hash} has more than ${MAX_DOCUMENT_CHARACTERS} characters.`,
      );
    }
    documents.set(hash, document);
  }
  if (documents.size > MAX_PERSISTED_OPERATIONS) {
    throw new PersistedOperationsError(`${path}: more than ${MAX_PERSISTED_OPERATIONS} operations.`);
  }
}

function parseManifest(path: string, text: string): Record<string, string> {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch {
    throw new PersistedOperationsError(`${path} is not a JSON object of documents by their SHA-256.`);
  }
}
