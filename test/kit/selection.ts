import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';

export type SelectionOptions = {
  /** How many levels of objects below this one. */
  depth: number;
  /** Whether to go into lists and pages; a page is asked for two entries. */
  lists: boolean;
  /** `Type.field` to leave out. */
  without?: readonly string[];
};

/** Every field of a type that needs no argument, and of the objects below it: a selection set's text, braces included. */
export function selectionOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  options: SelectionOptions,
): string {
  if (isUnionType(type)) {
    const parts = type
      .getTypes()
      .map((member) => `... on ${member.name} ${selectionOf(schema, member, options)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${type.name} has no fields.`);
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (options.without?.includes(`${type.name}.${field.name}`) || field.args.some(isRequiredArgument))
      return [];
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return [field.name];
    if (options.depth === 0 || (isListField(field) && !options.lists)) return [];
    // edges and pageInfo belong to their page: they are no level of their own.
    const isPagePart = type.name.endsWith('Connection') || type.name.endsWith('Edge');
    const below = selectionOf(schema, inner, {
      ...options,
      depth: isPagePart ? options.depth : options.depth - 1,
    });
    return [`${field.name}${isPage(field) ? '(first: 2)' : ''} ${below}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

/** Whether a field answers a page of a connection. */
export function isPage(field: GraphQLField<unknown, unknown>): boolean {
  return getNamedType(field.type).name.endsWith('Connection');
}

/** Whether a field answers several objects: a page, or a plain list of objects. */
export function isListField(field: GraphQLField<unknown, unknown>): boolean {
  if (isPage(field)) return true;
  return isListType(getNullableType(field.type)) && !isLeafType(getNamedType(field.type));
}

/** Every `Type.field` that answers several objects and can be reached from a root type, leaving out edges. */
export function listFields(schema: GraphQLSchema, rootName: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (type: GraphQLNamedType | undefined): void => {
    if (type === undefined || seen.has(type.name)) return;
    seen.add(type.name);
    if (isUnionType(type)) for (const member of type.getTypes()) visit(member);
    if (isInterfaceType(type)) for (const object of schema.getPossibleTypes(type)) visit(object);
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    for (const field of Object.values(type.getFields())) {
      if (isListField(field) && field.name !== 'edges') found.add(`${type.name}.${field.name}`);
      visit(getNamedType(field.type));
    }
  };
  visit(schema.getType(rootName));
  return [...found].sort();
}
