/** As the server lists it. */
export type ComparedIssue = {
  readonly code: string;
  readonly row: number;
  readonly column: string | null;
  readonly value: string | null;
};

export type IssueChanges<Issue> = {
  /** How many of the earlier ones are there no longer. */
  readonly goneCount: number;
  /** Of now, and not among the earlier ones. */
  readonly added: ReadonlySet<Issue>;
};

/**
 * What became of the faults of a file in its next version. Rows that were inserted or deleted move those below them: what
 * is not found in its row is looked for in the others.
 */
export function compareIssues<Issue extends ComparedIssue>(
  earlier: readonly Issue[],
  now: readonly Issue[],
): IssueChanges<Issue> {
  const inRow = match(earlier, now, (issue) => JSON.stringify([issue.row, ...whatIn(issue)]));
  const anywhere = match(inRow.gone, inRow.added, (issue) => JSON.stringify(whatIn(issue)));
  return { goneCount: anywhere.gone.length, added: new Set(anywhere.added) };
}

function whatIn({ code, column, value }: ComparedIssue): unknown[] {
  return [code, column, value];
}

/** Pairs those with the same key, one by one. */
function match<Issue>(
  earlier: readonly Issue[],
  now: readonly Issue[],
  keyOf: (issue: Issue) => string,
): { gone: Issue[]; added: Issue[] } {
  const open = Map.groupBy(earlier, keyOf);
  const added = now.filter((issue) => open.get(keyOf(issue))?.shift() === undefined);
  return { gone: [...open.values()].flat(), added };
}
