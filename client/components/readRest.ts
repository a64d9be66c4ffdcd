/** A page of a list, as every connection answers it. */
export type PageAnswer<Node> = {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

/** What follows after a position; `hasNextPage`: and there is more behind it. */
export type Rest<Node> = { readonly nodes: readonly Node[]; readonly hasNextPage: boolean };

/**
 * Reads `count` rows after a position by as few questions as can be: each begins where the one before ended.
 * @param options.most how many rows one question may ask for
 * @returns null when the list is not there any more
 * @throws what `ask` throws
 */
export async function readRest<Node>(
  ask: (first: number, after: string) => Promise<PageAnswer<Node> | null>,
  options: { after: string; count: number; most: number },
): Promise<Rest<Node> | null> {
  const { count, most } = options;
  const nodes: Node[] = [];
  let after: string | null = options.after;
  while (after !== null && nodes.length < count) {
    const page: PageAnswer<Node> | null = await ask(Math.min(count - nodes.length, most), after);
    if (page === null) return null;
    nodes.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  }
  return { nodes, hasNextPage: after !== null };
}
