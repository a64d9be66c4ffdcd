import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import {
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  MAX_PREVIEW_ROWS,
  MAX_WARNINGS_PER_BATCH,
} from '../../core/limits.ts';
import { limitError } from './operationLimits.ts';

/** One unit is one field of one object. */
export const MAX_OPERATION_COST_UNITS = 25_000;
/** How long a list is taken to be that is not a page: approvers, decisions, memberships. */
const PLAIN_LIST_ITEMS = 5;
/** Those that may be longer. */
const LONG_LISTS: Readonly<Record<string, number>> = {
  'ImportPreview.rows': MAX_PREVIEW_ROWS,
};
/** The most that a list may be asked for by `first` that is not a page: PayoutBatch.warnings. */
const MAX_PLAIN_LIST_ITEMS = MAX_WARNINGS_PER_BATCH;
/** Fields that read or hash a whole batch. */
const HEAVY_FIELDS: Readonly<Record<string, number>> = {
  'Approval.intent': 400,
  'Approval.signingRequest': 5,
};

export type CostInput = {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
};

/**
 * How many fields an operation can make this system read, at most: the fields of a page count once for each item that it
 * asks for. Introspection is not counted.
 */
export function operationCost({ schema, document, operation, variables }: CostInput): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const known = new Map<string, number>();
  const values = { ...defaultsOf(operation), ...variables };

  function costOfFragment(name: string): number {
    const cost = known.get(name);
    if (cost !== undefined) return cost;
    const fragment = fragments.get(name);
    const type = fragment === undefined ? undefined : schema.getType(fragment.typeCondition.name.value);
    const computed =
      fragment === undefined || type === undefined || !isCompositeType(type)
        ? 0
        : costOfSet(fragment.selectionSet, type.name);
    known.set(name, computed);
    return computed;
  }

  function costOfSet(set: SelectionSetNode, parentName: string): number {
    let cost = 0;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          cost += costOfField(selection, parentName);
          break;
        case Kind.INLINE_FRAGMENT:
          cost += costOfSet(selection.selectionSet, selection.typeCondition?.name.value ?? parentName);
          break;
        case Kind.FRAGMENT_SPREAD:
          cost += costOfFragment(selection.name.value);
      }
    }
    return cost;
  }

  function costOfField(node: FieldNode, parentName: string): number {
    const name = node.name.value;
    if (name.startsWith('__')) return 0;
    const parent = schema.getType(parentName);
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (field === undefined) return 0;
    const own = HEAVY_FIELDS[`${parentName}.${name}`] ?? 1;
    if (node.selectionSet === undefined) return own;
    const inner = costOfSet(node.selectionSet, getNamedType(field.type).name);
    const items = LONG_LISTS[`${parentName}.${name}`] ?? itemsOf(node, field, values);
    return own + inner * items;
  }

  const root = schema.getRootType(operation.operation);
  return root == null ? 0 : costOfSet(operation.selectionSet, root.name);
}

/** @throws GraphQLError with the limit's name */
export function requireWithinCost(input: CostInput): void {
  const cost = operationCost(input);
  if (cost > MAX_OPERATION_COST_UNITS) {
    throw limitError(
      'MAX_OPERATION_COST_UNITS',
      `The operation could read ${cost} fields; at most ${MAX_OPERATION_COST_UNITS} are allowed. Ask for smaller pages or fewer fields.`,
    );
  }
}

/** How often the fields below a field count. A page's size multiplies at the connection, not again at its edges. */
function itemsOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Readonly<Record<string, unknown>>,
): number {
  const first = field.args.find(({ name }) => name === 'first');
  if (first !== undefined) {
    const isPage = getNamedType(field.type).name.endsWith('Connection');
    const usual = isPage ? DEFAULT_PAGE_SIZE : usualOf(first);
    const most = isPage ? MAX_PAGE_SIZE : MAX_PLAIN_LIST_ITEMS;
    const size = argument(node, 'first', variables) ?? argument(node, 'last', variables) ?? usual;
    return typeof size === 'number' && size >= 0 ? Math.min(size, most) : most;
  }
  if (!isListType(getNullableType(field.type))) return 1;
  const ids = argument(node, 'ids', variables);
  if (Array.isArray(ids)) return ids.length;
  return field.name === 'edges' ? 1 : PLAIN_LIST_ITEMS;
}

function argument(node: FieldNode, name: string, variables: Readonly<Record<string, unknown>>): unknown {
  const value = node.arguments?.find((candidate) => candidate.name.value === name)?.value;
  return value === undefined ? undefined : literalOf(value, variables);
}

/** An argument's default, from code or from a schema's text. */
function usualOf(argument: GraphQLArgument): unknown {
  const given = argument.default;
  if (given?.literal !== undefined) return literalOf(given.literal, {});
  return given?.value ?? argument.defaultValue;
}

/** What variables are that the request leaves out. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, literalOf(defaultValue, {})]],
    ),
  );
}

function literalOf(value: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return variables[value.name.value] ?? undefined;
    case Kind.INT:
      return Number(value.value);
    case Kind.LIST:
      return value.values;
    default:
      return undefined;
  }
}
