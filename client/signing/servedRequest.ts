import type { Address, Hex } from 'viem';
import type { FileRow } from '../../chains/evm/codec/differentRows.ts';
import type { IntentWarningCode } from '../../chains/evm/codec/intent.ts';
import type { RequestDifference } from '../../chains/evm/codec/requestDifference.ts';
import type { safeTypedData } from '../../chains/evm/codec/safeTransaction.ts';

/** A payout as the server lists it. `units` are base units in decimal digits. */
export type ListedPayout = { readonly index: number; readonly recipient: string; readonly units: string };

/** Everything that the server says of what is to be signed. Nothing of it is trusted. */
export type ServedRequest = {
  readonly kind: 'PAYOUT_OPEN' | 'PAYOUT_CLOSE';
  /** As in "eip155:31337". */
  readonly caip2: string;
  readonly safe: string | null;
  readonly asset: { readonly address: string | null; readonly symbol: string; readonly decimals: number };
  /** The batch by its node id, as people were shown it. */
  readonly batch: { readonly id: string; readonly payoutCount: number; readonly totalUnits: string };
  readonly digest: string;
  readonly typedData: unknown;
  readonly manifestSha256: string;
  /** Null where none is needed: of a closing. */
  readonly manifestText: string | null;
  /** Payouts that people were shown: all of them, or some. */
  readonly listed: readonly ListedPayout[];
};

/** The approver's own file, read in the browser. */
export type OwnFileRows = {
  /** Rows with an address, in the file's order. */
  readonly rows: readonly FileRow[];
  /** Rows that name their payee by a reference alone: to which address that pays, only the server's address book says. */
  readonly withoutAddress: readonly { readonly row: number; readonly units: bigint }[];
};

/** How far the approver's own file vouches for what would be signed. */
export type FileVerdict =
  | { readonly kind: 'NOT_GIVEN' }
  | { readonly kind: 'MATCHES'; readonly rowCount: number }
  | {
      /** Each row with an address is in the batch; the others could not be checked. */
      readonly kind: 'PARTLY';
      readonly checkedCount: number;
      /** In the file. */
      readonly uncheckedRows: readonly number[];
      readonly uncheckedRowCount: number;
      /** In the batch: payouts that no row with an address accounts for. */
      readonly uncheckedPayoutCount: number;
      readonly uncheckedUnits: bigint;
    };

/** What signing does, computed from the bytes to be signed. Units are base units, times unix seconds. */
export type SignedFacts = {
  readonly chainId: number;
  readonly safe: Address;
  readonly nonce: bigint;
  readonly vault: Address;
  readonly batchId: Hex;
  readonly token: { readonly address: Address; readonly symbol: string; readonly decimals: number };
  /** Null of a closing. */
  readonly opening: {
    readonly payoutCount: number;
    readonly recipientCount: number;
    readonly total: bigint;
    /** `index` counts from 0. */
    readonly largest: { readonly index: number; readonly recipient: Address; readonly units: bigint };
    readonly openBy: bigint;
    readonly closeAfter: bigint;
    readonly root: Hex;
  } | null;
};

/** May be signed: `typedData`, which was computed here. */
export type SoundRequest = {
  readonly kind: 'SOUND';
  readonly digest: Hex;
  readonly typedData: ReturnType<typeof safeTypedData>;
  readonly facts: SignedFacts;
  readonly warnings: readonly IntentWarningCode[];
  readonly file: FileVerdict;
};

/** Not to be signed: at least one difference, causes first. */
export type RefusedServedRequest = {
  readonly kind: 'REFUSED';
  readonly differences: readonly RequestDifference[];
  readonly differentRowCount: number;
  /** Whether the differences were found by the approver's own file. */
  readonly withOwnFile: boolean;
};

export type CheckedServedRequest = SoundRequest | RefusedServedRequest;
