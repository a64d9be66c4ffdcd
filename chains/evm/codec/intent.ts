import type { Address, Hex } from 'viem';
import type { Manifest } from './manifest.ts';
import type { PayoutRow } from './payoutRow.ts';
import type { SafeTransaction } from './safeTransaction.ts';

/**
 * What a reader of signing requests knows by itself and takes from nobody: our contracts on this chain and the token.
 * MultiSendCallOnly is pinned in SAFE_DEPLOYMENT. Code hashes are checked by whoever speaks to a node.
 */
export type IntentPins = {
  readonly factory: Address;
  readonly implementation: Address;
  readonly token: { readonly address: Address; readonly symbol: string; readonly decimals: number };
};

/** A Safe transaction to be signed: on which chain, by which Safe, at which nonce the reader expects it. */
export type IntentSubject = {
  readonly chainId: number;
  readonly safe: Address;
  readonly nonce: bigint;
  readonly transaction: SafeTransaction;
};

/** An opening with its manifest. `nowSeconds`, unix time, adds warnings about dates; without it there are none. */
export type OpenIntentSubject = IntentSubject & {
  readonly manifest: Manifest;
  readonly pins: IntentPins;
  readonly nowSeconds?: number;
};

export type IntentLine = { readonly label: string; readonly value: string };

export type IntentWarningCode =
  | 'OPEN_BY_PASSED'
  | 'OPEN_BY_FAR_AWAY'
  | 'CLOSE_AFTER_FAR_AWAY'
  | 'DUPLICATE_PAYOUTS'
  | 'PAYS_THE_PAYER';
export type IntentWarning = { readonly code: IntentWarningCode; readonly message: string };

type Described = {
  readonly summary: string;
  readonly lines: readonly IntentLine[];
  readonly warnings: readonly IntentWarning[];
  /** The digest to be signed, computed from the transaction that was decoded. */
  readonly digest: Hex;
};

/** Funds and opens a batch. `total` and the rows' units are in base units, `largest` is the first of the largest rows. */
export type PayoutOpenIntent = Described & {
  readonly kind: 'PAYOUT_OPEN';
  readonly vault: Address;
  readonly payoutCount: number;
  readonly total: bigint;
  readonly largest: PayoutRow;
};

/** Closes a batch early and takes back what its vault holds. */
export type PayoutCloseIntent = Described & { readonly kind: 'PAYOUT_CLOSE'; readonly vault: Address };

/** Anything else: to be shown in red and never signed. At least one reason, in English sentences. */
export type UnknownIntent = { readonly kind: 'UNKNOWN'; readonly reasons: readonly string[] };
