import type { Address } from 'viem';
import type { ImportIssue } from '../../payroll/file/fileIssue.ts';
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
  | {
      readonly kind: 'READ';
      readonly rowCount: number;
      readonly units: bigint;
      readonly sheets: readonly string[];
    }
  | {
      readonly kind: 'FAULTY';
      readonly issues: readonly ImportIssue[];
      readonly errorCount: number;
      readonly sheets: readonly string[];
    };

export type CheckOutcome = {
  readonly checked: CheckedServedRequest;
  readonly ownFile: OwnFileOutcome | null;
};

export type CheckerAnswers = { CHECK: CheckOutcome; ROWS: SignedRows; ROWS_AT: SignedRows };

export type CheckerMessage = { readonly id: number; readonly call: CheckerCall };
export type CheckerReply =
  | { readonly id: number; readonly value: CheckerAnswers[keyof CheckerAnswers] }
  | { readonly id: number; readonly fault: string };
