/** What of a signing request is not as rebuilt. Fields of the Safe transaction have names of their own. */
export type DifferentPart =
  | 'ROW'
  | 'MANIFEST'
  | 'MANIFEST_HASH'
  | 'BATCH'
  | 'CHAIN'
  | 'SAFE'
  | 'TOKEN'
  | 'DECIMALS'
  | 'SYMBOL'
  | 'FACTORY'
  | 'IMPLEMENTATION'
  | 'TOTAL'
  | 'PAYOUT_COUNT'
  | 'CHUNK_COUNT'
  | 'ROOT'
  | 'OPEN_BY'
  | 'CLOSE_AFTER'
  | 'TARGET'
  | 'VALUE'
  | 'DATA'
  | 'OPERATION'
  | 'SAFE_TX_GAS'
  | 'BASE_GAS'
  | 'GAS_PRICE'
  | 'GAS_TOKEN'
  | 'REFUND'
  | 'NONCE'
  | 'TYPED_DATA'
  | 'DIGEST'
  | 'INTENT';

/** Where it stands: among the rows that people were shown, in the manifest, in the typed data, or in the request itself. */
export type DifferenceSource = 'LISTED_ROWS' | 'MANIFEST' | 'TYPED_DATA' | 'REQUEST';

/** A payout as it is shown: `amount` is an exact decimal in whole tokens. */
export type ShownPayout = { readonly recipient: string; readonly amount: string };

/** One thing that is not as rebuilt. `sentence` says all of it; the values are null where there is nothing to show. */
export type RequestDifference = {
  readonly what: DifferentPart;
  readonly source: DifferenceSource;
  /** The row as its owner counts: in their file where they gave one, else the payout's number from 1. */
  readonly row?: number;
  readonly expected: string | null;
  readonly found: string | null;
  readonly sentence: string;
  /** Of a row: the whole payouts, null where there is none. `isOfFile`: `row` is one of the approver's own file. */
  readonly payouts?: {
    readonly isOfFile: boolean;
    readonly expected: ShownPayout | null;
    readonly found: ShownPayout | null;
  };
};

/** Not to be signed. `differences` has causes before what follows from them; of very many rows only the first are named. */
export type RefusedRequest = {
  readonly kind: 'REFUSED';
  readonly differences: readonly RequestDifference[];
  /** How many rows differ, those not named included. */
  readonly differentRowCount: number;
};

/** Collects differences. */
export type Differences = {
  readonly found: RequestDifference[];
  /** Adds one unless the values are the same; hexadecimal values are compared without regard to case. */
  readonly expect: (
    part: Pick<RequestDifference, 'what' | 'source'> & { name: string },
    expected: string | number | bigint,
    found: string | number | bigint,
  ) => void;
};

export function collectDifferences(): Differences {
  const found: RequestDifference[] = [];
  return {
    found,
    expect: ({ what, source, name }, expected, actual) => {
      if (canonical(expected) === canonical(actual)) return;
      found.push({
        what,
        source,
        expected: `${expected}`,
        found: shorten(`${actual}`),
        sentence: `${name} is ${shorten(`${actual}`)}; rebuilt here it is ${shorten(`${expected}`)}.`,
      });
    },
  };
}

const MAX_SHOWN_CHARACTERS = 200;

/** A value as it may be shown, however long somebody made it. */
export function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** Whether two values are the same; a number is never the same as its digits in a string. */
function canonical(value: string | number | bigint): string {
  if (typeof value !== 'string') return `${typeof value} ${value}`;
  return `string ${value.startsWith('0x') ? value.toLowerCase() : value}`;
}
