// The schema's builder. It defines no types: each type stands in schema/<domain>/<typeName>.ts with the fields that read
// it, each mutation in schema/<domain>/<mutationName>.ts, and schema/schema.ts imports them all. `npm run generate` writes
// the snapshot, schema.graphql.
//
// To add a type:
//   export const Thing = builder.objectRef<ThingRow>('Thing');          // ThingRow is what a resolvers/ function returns
//   builder.node(Thing, { description, id: { resolve: (row) => row.id },
//     loadWithoutCache: (id, context) => context.loaders.thing.load(id), fields: (t) => ({ … }) });
//   (a plain object type: Thing.implement({ description, fields }).) Add its name to NODE_TYPES in core/ids.ts and import
//   the file in schema/schema.ts. Every type, field, argument and enum value has a `description` of full sentences; a field
//   that needs more than READ names the permission. Fields are non-null unless they say `nullable: true`.
//
// To add a list: schema/connection.ts shows how; the SQL goes through readPages of resolvers/keyset.ts.
//
// To add a mutation: one use case in resolvers/<domain>/<mutationName>.ts that knows no GraphQL, and about twenty lines of
// addMutation (schema/mutation.ts) that translate ids (schema/nodeId.ts), call it and shape the payload; changedObject
// (schema/changedObject.ts) makes the payload's field for what was changed. A use case ends
// with user errors by throwing UserFaultsError (core/errors.ts `refuse`); every code it can throw is listed in
// `errorCodes`. Unauthenticated, forbidden and limit errors are left alone: they become top-level errors.
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { encodeNodeId, type NodeType } from '../core/ids.ts';
import type { SchemaContext } from './schemaContext.ts';

export const builder = new SchemaBuilder<{
  Context: SchemaContext;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    Date: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    BigInt: { Input: bigint; Output: bigint };
    Address: { Input: string; Output: string };
    Hex: { Input: string; Output: string };
    Hash: { Input: string; Output: string };
    EventCursor: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    File: { Input: File; Output: never };
  };
}>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    encodeGlobalID: (typename, id) => encodeNodeId(typename as NodeType, String(id)),
    idFieldOptions: {
      description: 'Opaque and globally unique; `Query.node` answers it.',
    },
    nodeTypeOptions: {
      description: 'An object with an id of its own, which `Query.node` reads again.',
    },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether the list goes on after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether the list has entries before this page.' },
    startCursorFieldOptions: { description: 'The position of the first entry; null on an empty page.' },
    endCursorFieldOptions: { description: 'The position of the last entry; null on an empty page.' },
    cursorFieldOptions: { description: 'The position of this entry, for `after` and `before`.' },
    nodeFieldOptions: { description: 'The entry itself.', nullable: false },
    edgesFieldOptions: {
      description: 'The entries of this page, in the list’s order.',
      nullable: false,
    },
    pageInfoFieldOptions: { description: 'Where this page stands in the list.' },
    firstArgOptions: {
      description: 'How many entries from the start: 20 unless told otherwise, 100 at most.',
    },
    afterArgOptions: { description: 'Only entries after this position.' },
    lastArgOptions: { description: 'How many entries from the end, 100 at most; not together with `first`.' },
    beforeArgOptions: { description: 'Only entries before this position.' },
    defaultConnectionTypeOptions: { description: 'One page of a list.' },
    defaultEdgeTypeOptions: { description: 'An entry of a page with its position.' },
  },
});

export type SchemaTypes = typeof builder.$inferSchemaTypes;

builder.queryType({
  description: 'What can be read. Everything needs a session but `viewer` and introspection.',
});
builder.mutationType({
  description:
    'What can be changed. Every field is nullable, so that one refused field does not hide its committed neighbour.',
});
