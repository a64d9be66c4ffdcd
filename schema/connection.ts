// How a list becomes a connection:
//   export const ThingConnection = builder.connectionObject(
//     { type: Thing, name: 'ThingConnection', description: 'One page of things.' }, { name: 'ThingEdge', … });
//   things: t.connection({ type: Thing, description: '… Newest first.',
//     resolve: async (row, args, context) =>
//       connectionOf(await context.loaders.page(listThings, row.id, args, { status: args.status })) }, ThingConnection)
// `listThings` is a ListRead (resolvers/loaders.ts) that calls readPages (resolvers/keyset.ts): one statement for all
// siblings, keyset cursors, a documented stable order, nothing counted.
import type { Page } from '../resolvers/keyset.ts';

/** A page in the form that the relay plugin's connection types read. */
export function connectionOf<Row>(page: Page<Row>) {
  return {
    edges: page.items.map(({ cursor, row }) => ({ cursor, node: row })),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.items[0]?.cursor ?? null,
      endCursor: page.items.at(-1)?.cursor ?? null,
    },
  };
}

/** The page of a list that cannot have entries. */
export function emptyConnection() {
  return {
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  };
}
