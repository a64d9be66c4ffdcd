import { getOperationName, type Operation, stringifyDocument } from '@urql/core';
import type { SubscribePayload } from 'graphql-ws';

/** True: the hash that code generation left at the document, as `documentId` or `__meta__.hash`. A function: its answer. */
export type Persisted = boolean | ((document: Operation['query']) => string | undefined);

/**
 * What is sent to begin an operation's stream.
 * @param after the position to resume after; null: the variables as the app gave them, without one
 * @param options.afterVariable only given to operations that declare it
 * @param options.persisted the hash (SHA-256, hex) goes instead of the text; a document without one goes as text
 */
export function subscribePayload(
  operation: Operation,
  after: string | null,
  options: { afterVariable: string; persisted: Persisted },
): SubscribePayload {
  const { query, extensions } = operation;
  const { [options.afterVariable]: _asked, ...variables } = (operation.variables ?? {}) as Record<
    string,
    unknown
  >;
  if (after !== null && declares(query, options.afterVariable)) variables[options.afterVariable] = after;
  const operationName = getOperationName(query);
  const hash = hashOf(query, options.persisted);
  return {
    ...(operationName === undefined ? {} : { operationName }),
    variables,
    // The protocol wants a text, if an empty one.
    query: hash === undefined ? stringifyDocument(query) : '',
    ...(hash === undefined
      ? extensions && { extensions: { ...extensions } }
      : { extensions: { ...extensions, persistedQuery: { version: 1, sha256Hash: hash } } }),
  };
}

/** Whether the operation can be told where to go on. */
export function declares(query: Operation['query'], variable: string): boolean {
  return query.definitions.some(
    (definition) =>
      'variableDefinitions' in definition &&
      (definition.variableDefinitions ?? []).some((declared) => declared.variable.name.value === variable),
  );
}

function hashOf(query: Operation['query'], persisted: Persisted): string | undefined {
  if (persisted === false) return undefined;
  if (typeof persisted === 'function') return persisted(query);
  const { documentId, __meta__ } = query as { documentId?: unknown; __meta__?: { hash?: unknown } };
  const hash = documentId ?? __meta__?.hash;
  return typeof hash === 'string' ? hash : undefined;
}
