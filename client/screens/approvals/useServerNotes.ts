import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ApprovalListedPayoutsDocument } from '../../generated/screens/approvals/approvals.ts';

const PAGE_SIZE = 100;
/** What a search finds may lie anywhere in 100,000 payouts: rows further on go without. */
const MAX_PAGES = 5;

/**
 * Reference and memo of payouts that are shown, as the server tells them: they are in no byte that is signed. A payout
 * whose note is not known, or not yet, has none.
 * @param indexes of the payouts in their order, counted from 0
 */
export function useServerNotes(
  batchId: string,
  indexes: readonly number[],
): (index: number) => string | null {
  const client = useClient();
  const [notes, setNotes] = useState<ReadonlyMap<number, string>>(new Map());
  const key = pagesOver(indexes).join();
  useEffect(() => {
    let isCurrent = true;
    const starts = key === '' ? [] : key.split(',').map(Number);
    for (const fromIndex of starts) {
      const variables = { id: batchId, fromIndex, first: PAGE_SIZE };
      client
        .query(ApprovalListedPayoutsDocument, variables)
        .toPromise()
        .then(({ data }) => {
          if (isCurrent) setNotes((before) => new Map([...before, ...notesOf(data?.payoutBatch ?? null)]));
        });
    }
    return () => {
      isCurrent = false;
    };
  }, [client, batchId, key]);
  return (index) => notes.get(index) ?? null;
}

type Listed = {
  index: number;
  reference: string | null;
  memo: string | null;
};

function notesOf(batch: { payouts: { edges: readonly { node: Listed }[] } } | null): [number, string][] {
  return (batch?.payouts.edges ?? []).flatMap(({ node }) => {
    const note = noteOf(node);
    return note === null ? [] : [[node.index, note] as [number, string]];
  });
}

/** What the server says a payout is for; null for nothing. */
export function noteOf({ reference, memo }: { reference: string | null; memo: string | null }) {
  return [reference, memo].filter(Boolean).join(' · ') || null;
}

/** Where pages begin that hold all of them, as few as can be. */
function pagesOver(indexes: readonly number[]): number[] {
  const starts: number[] = [];
  for (const index of indexes) {
    const last = starts.at(-1);
    if (last === undefined || index >= last + PAGE_SIZE) starts.push(index);
  }
  return starts.slice(0, MAX_PAGES);
}
