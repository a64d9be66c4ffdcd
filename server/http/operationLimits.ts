import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  type Source,
  type ValidationContext,
} from 'graphql';

/** Documents are kept parsed, by their text: long ones must not fill the memory. Variables do not count. */
export const MAX_DOCUMENT_CHARACTERS = 50_000;
export const MAX_DOCUMENT_TOKENS = 5_000;
export const MAX_OPERATION_DEPTH_LEVELS = 20;
export const MAX_ALIASES_PER_OPERATION = 50;
export const MAX_ROOT_FIELDS_PER_OPERATION = 20;

/** A request that is refused because it asks for too much, with the limit's name in its extensions. */
export function limitError(limit: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT_EXCEEDED', limit } });
}

/** The refusal of a document that is too long to be looked at; null when it is not. */
export function documentLengthError(document: string): GraphQLError | null {
  if (document.length <= MAX_DOCUMENT_CHARACTERS) return null;
  return limitError(
    'MAX_DOCUMENT_CHARACTERS',
    `A document has at most ${MAX_DOCUMENT_CHARACTERS} characters. Put values into variables.`,
  );
}

/** graphql's parser with MAX_DOCUMENT_TOKENS. @throws GraphQLError */
export function parseWithinLimits(source: string | Source, options?: ParseOptions) {
  try {
    return parse(source, { ...options, maxTokens: MAX_DOCUMENT_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('Document contains more than')) {
      throw limitError('MAX_DOCUMENT_TOKENS', `A document has at most ${MAX_DOCUMENT_TOKENS} tokens.`);
    }
    throw error;
  }
}

/** Validation rule: depth, aliases and root fields, with fragments spread. Introspection has limits of its own. */
export function operationShapeRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const shape = measure(operation.selectionSet, (name) => context.getFragment(name));
      if (shape.depth > MAX_OPERATION_DEPTH_LEVELS) {
        context.reportError(
          limitError(
            'MAX_OPERATION_DEPTH_LEVELS',
            `An operation nests at most ${MAX_OPERATION_DEPTH_LEVELS} levels of fields.`,
          ),
        );
      }
      if (shape.aliases > MAX_ALIASES_PER_OPERATION) {
        context.reportError(
          limitError(
            'MAX_ALIASES_PER_OPERATION',
            `An operation has at most ${MAX_ALIASES_PER_OPERATION} aliases.`,
          ),
        );
      }
      if (shape.rootFields > MAX_ROOT_FIELDS_PER_OPERATION) {
        context.reportError(
          limitError(
            'MAX_ROOT_FIELDS_PER_OPERATION',
            `An operation has at most ${MAX_ROOT_FIELDS_PER_OPERATION} fields at its root.`,
          ),
        );
      }
    },
  };
}

type Shape = { depth: number; aliases: number; rootFields: number };

/** Measures each fragment once, so that fragments that spread fragments cost no more than their text. */
function measure(
  root: SelectionSetNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined,
): Shape {
  const measured = new Map<string, Shape>();

  function measureFragment(name: string): Shape {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // What spreads itself is refused by another rule; here it must only come to an end.
    measured.set(name, { depth: 0, aliases: 0, rootFields: 0 });
    const fragment = fragmentOf(name);
    const shape =
      fragment == null ? { depth: 0, aliases: 0, rootFields: 0 } : measureSet(fragment.selectionSet);
    measured.set(name, shape);
    return shape;
  }

  function measureSet(set: SelectionSetNode): Shape {
    const total: Shape = { depth: 0, aliases: 0, rootFields: 0 };
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        total.rootFields += 1;
        total.aliases += selection.alias === undefined ? 0 : 1;
        const isIntrospection = selection.name.value.startsWith('__');
        if (selection.selectionSet === undefined || isIntrospection) {
          total.depth = Math.max(total.depth, 1);
          continue;
        }
        const inner = measureSet(selection.selectionSet);
        total.depth = Math.max(total.depth, inner.depth + 1);
        total.aliases += inner.aliases;
      } else {
        const inner =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? measureFragment(selection.name.value)
            : measureSet(selection.selectionSet);
        total.depth = Math.max(total.depth, inner.depth);
        total.aliases += inner.aliases;
        total.rootFields += inner.rootFields;
      }
    }
    return total;
  }

  return measureSet(root);
}
