import type { Address } from 'viem';
import type { OwnFile } from './readOwnFile.ts';
import type { CheckedServedRequest, ServedRequest } from './servedRequest.ts';

/** What the page asks of the worker. */
export type CheckerCall =
  | {
      readonly kind: 'CHECK';
      readonly served: ServedRequest;
      readonly file: { readonly blob: Blob; readonly sheet: string | null } | null;
    }
  /** Payouts of the request that was checked last, in the manifest's order. */
  | { readonly kind: 'ROWS'; readonly search: string; readonly from: number; readonly count: number }
  | { readonly kind: 'ROWS_AT'; readonly indexes: readonly number[] };

/** `index` counts from 0, `units` are base units. */
export type SignedRow = { readonly index: number; readonly recipient: Address; readonly units: bigint };
export type SignedRows = { readonly matchCount: number; readonly rows: readonly SignedRow[] };

/** What became of the approver's own file, besides what the check says of it. */
export type OwnFileOutcome =
  // Its rows stay in the worker.
  | (Omit<Extract<OwnFile, { kind: 'READ' }>, 'rows'> & { readonly rowCount: number })
  | Extract<OwnFile, { kind: 'FAULTY' }>;

export type CheckOutcome = {
  readonly checked: CheckedServedRequest;
  readonly ownFile: OwnFileOutcome | null;
};

export type CheckerAnswers = { CHECK: CheckOutcome; ROWS: SignedRows; ROWS_AT: SignedRows };

export type CheckerMessage = { readonly id: number; readonly call: CheckerCall };
export type CheckerReply =
  | { readonly id: number; readonly value: CheckerAnswers[keyof CheckerAnswers] }
  | { readonly id: number; readonly fault: string };
