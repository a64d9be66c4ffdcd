import type { AnyVariables, TypedDocumentNode } from '@urql/core';

/** A document that the server knows by its hash: its text is in `client/generated/persistedDocuments.json` and never sent. */
export type PersistedDocument<Data, Variables extends AnyVariables> = TypedDocumentNode<Data, Variables> & {
  readonly documentId: string;
  readonly operationName: string;
};

/**
 * What generated modules are made of.
 * @param hash SHA-256 of the document's text, in hexadecimal digits
 * @param variables of a subscription, by name: the exchange that resumes it looks whether it takes a position
 */
export function persistedDocument<Data, Variables extends AnyVariables>(
  operationName: string,
  hash: string,
  variables?: readonly string[],
): PersistedDocument<Data, Variables> {
  const definitions = variables === undefined ? [] : [subscriptionHead(operationName, variables)];
  return { kind: 'Document', definitions, documentId: hash, operationName } as unknown as PersistedDocument<
    Data,
    Variables
  >;
}

function subscriptionHead(operationName: string, variables: readonly string[]): object {
  const name = (value: string) => ({ kind: 'Name', value });
  return {
    kind: 'OperationDefinition',
    operation: 'subscription',
    name: name(operationName),
    variableDefinitions: variables.map((variable) => ({
      kind: 'VariableDefinition',
      variable: { kind: 'Variable', name: name(variable) },
      // urql prints it into a key; nobody reads it.
      type: { kind: 'NamedType', name: name('ID') },
    })),
    selectionSet: { kind: 'SelectionSet', selections: [] },
  };
}
