import type { PayoutRow } from './payoutRow.ts';

/** Where the second list differs from the first. Indexes count from 0, in the list where the row stands. */
export type RowDifference =
  | {
      readonly kind: 'CHANGED';
      readonly index: number;
      readonly field: 'recipient';
      readonly expected: string;
      readonly found: string;
    }
  | {
      readonly kind: 'CHANGED';
      readonly index: number;
      readonly field: 'units';
      readonly expected: bigint;
      readonly found: bigint;
    }
  | { readonly kind: 'ADDED'; readonly index: number; readonly row: PayoutRow }
  | { readonly kind: 'REMOVED'; readonly index: number; readonly row: PayoutRow };

/** `differences` holds the first of them, `differenceCount` counts all: 0 means equal, in content and order. */
export type RowComparison = {
  readonly differences: readonly RowDifference[];
  readonly differenceCount: number;
};

export const MAX_ROW_DIFFERENCES_NAMED = 20;

/**
 * Compares an approver's own rows with the rows of a manifest, so that a refusal can name what differs. Lists of one
 * length are compared row by row; otherwise equal heads and tails are set aside and what remains is told as rows added
 * and removed.
 */
export function compareRows(own: readonly PayoutRow[], manifest: readonly PayoutRow[]): RowComparison {
  const start = commonHead(own, manifest);
  if (start === own.length && start === manifest.length) return { differences: [], differenceCount: 0 };
  const differences =
    own.length === manifest.length ? changes(own, manifest, start) : moves(own, manifest, start);
  return {
    differences: differences.slice(0, MAX_ROW_DIFFERENCES_NAMED),
    differenceCount: differences.length,
  };
}

function changes(own: readonly PayoutRow[], manifest: readonly PayoutRow[], start: number): RowDifference[] {
  const differences: RowDifference[] = [];
  for (let index = start; index < own.length; index += 1) {
    const expected = own[index] as PayoutRow;
    const found = manifest[index] as PayoutRow;
    if (!isSameRecipient(expected, found)) {
      differences.push({
        kind: 'CHANGED',
        index,
        field: 'recipient',
        expected: expected.recipient,
        found: found.recipient,
      });
    }
    if (expected.units !== found.units) {
      differences.push({
        kind: 'CHANGED',
        index,
        field: 'units',
        expected: expected.units,
        found: found.units,
      });
    }
  }
  return differences;
}

/** Rows of one list that have no partner in the other; equal rows cancel out, wherever they stand. */
function moves(own: readonly PayoutRow[], manifest: readonly PayoutRow[], start: number): RowDifference[] {
  let end = 0;
  const shorter = Math.min(own.length, manifest.length);
  while (end < shorter - start && isSame(own[own.length - 1 - end], manifest[manifest.length - 1 - end]))
    end += 1;
  const missing = new Map<string, number[]>();
  for (let index = start; index < own.length - end; index += 1) {
    const key = keyOf(own[index] as PayoutRow);
    const indexes = missing.get(key);
    if (indexes === undefined) missing.set(key, [index]);
    else indexes.push(index);
  }
  const differences: RowDifference[] = [];
  for (let index = start; index < manifest.length - end; index += 1) {
    const row = manifest[index] as PayoutRow;
    if (missing.get(keyOf(row))?.pop() === undefined) differences.push({ kind: 'ADDED', index, row });
  }
  for (const index of [...missing.values()].flat()) {
    differences.push({ kind: 'REMOVED', index, row: own[index] as PayoutRow });
  }
  return differences.sort((left, right) => left.index - right.index);
}

function commonHead(own: readonly PayoutRow[], manifest: readonly PayoutRow[]): number {
  let index = 0;
  while (index < own.length && index < manifest.length && isSame(own[index], manifest[index])) index += 1;
  return index;
}

function isSame(left: PayoutRow | undefined, right: PayoutRow | undefined): boolean {
  return (
    left !== undefined && right !== undefined && left.units === right.units && isSameRecipient(left, right)
  );
}

function isSameRecipient(left: PayoutRow, right: PayoutRow): boolean {
  return left.recipient === right.recipient || left.recipient.toLowerCase() === right.recipient.toLowerCase();
}

function keyOf({ recipient, units }: PayoutRow): string {
  return `${recipient.toLowerCase()} ${units}`;
}
