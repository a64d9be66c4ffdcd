import { type Address, type Hex, isHex, sha256, stringToBytes } from 'viem';
import { MAX_CLOSE_DELAY_SECONDS, MAX_OPEN_WINDOW_SECONDS } from '../../../core/limits.ts';
import { compareTypedData } from './compareTypedData.ts';
import { decodeOpenIntent } from './decodeOpenIntent.ts';
import { type FileRow, rowDifferences } from './differentRows.ts';
import type { IntentPins, OpenIntentSubject, PayoutOpenIntent } from './intent.ts';
import type { Manifest } from './manifest.ts';
import { manifestFromRows } from './manifestFromRows.ts';
import { openTransaction } from './openTransaction.ts';
import type { PayoutRow } from './payoutRow.ts';
import { readServedManifest } from './readServedManifest.ts';
import {
  collectDifferences,
  type Differences,
  type RefusedRequest,
  type RequestDifference,
} from './requestDifference.ts';
import { safeTransactionHash, safeTypedData } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

/**
 * What an approver knows without the server: the account, the contracts and the token (see `pins.ts`), and the rows of
 * their own file where they gave it.
 */
export type OwnOpenKnowledge = IntentPins & {
  readonly chainId: number;
  readonly safe: Address;
  readonly rows?: readonly FileRow[];
};

/** What the server asks to be signed. Nothing of it is trusted. */
export type OpenRequest = {
  readonly digest: string;
  /** As its JSON was read; compared and never signed. */
  readonly typedData: unknown;
  readonly manifestText: string;
  /** Hexadecimal digits, with or without 0x. */
  readonly manifestSha256: string;
  readonly nonce: bigint;
  /** The rows that people were shown. */
  readonly listedRows?: readonly PayoutRow[];
};

/** Other things that people were shown, or that the approver knows: what is given must be so. `total` in base units. */
export type ExpectedOpening = {
  readonly nonce?: bigint;
  readonly batchId?: Hex;
  readonly payoutCount?: number;
  readonly total?: bigint;
};

/** May be signed: `digest`, or `typedData` by a wallet. Both were computed here, as was the manifest. */
export type SoundOpening = {
  readonly kind: 'SOUND';
  readonly intent: PayoutOpenIntent;
  readonly manifest: Manifest;
  readonly digest: Hex;
  readonly typedData: ReturnType<typeof safeTypedData>;
  /** Whether it was the approver's own file that the rows were compared with, or only what the server lists. */
  readonly fileCheck: 'MATCHES' | 'NOT_GIVEN';
};

type Subject = {
  readonly own: OwnOpenKnowledge;
  readonly request: OpenRequest;
  readonly nowSeconds: number;
  readonly expected?: ExpectedOpening;
};

/**
 * Rebuilds rows → chunks → root → open() → Safe transaction → digest from what the approver knows, and compares all of
 * it with what the server asks to be signed. Of the manifest only the batch id, the dates and the gas per payout are
 * taken over, and without the approver's file its rows.
 *
 * Never throws, whatever the server sent. 100,000 rows take about a second: in a browser, run it in a worker.
 * @param nowSeconds unix time, of the approver's own clock
 */
export function checkOpenRequest(subject: Subject): SoundOpening | RefusedRequest {
  const differences = collectDifferences();
  let differentRowCount = 0;
  try {
    const rows = compareAllRows(subject, differences);
    differentRowCount = rows.differentRowCount;
    if (rows.manifest !== null) {
      const sound = rebuildAndCompare(subject, rows.manifest, rows.basis, differences);
      if (sound !== null && differences.found.length === 0) return sound;
    }
  } catch (cause) {
    differences.found.push(unreadable(cause));
  }
  return { kind: 'REFUSED', differences: differences.found, differentRowCount };
}

type Rows = { manifest: Manifest | null; basis: readonly PayoutRow[]; differentRowCount: number };

/** The listed rows and the manifest's against the approver's own, or without those against each other. */
function compareAllRows({ own, request }: Subject, differences: Differences): Rows {
  const { manifest, rows: served, fault } = readServedManifest(request.manifestText);
  const expected = own.rows ?? request.listedRows;
  const basis = own.rows ?? served ?? [];
  let differentRowCount = 0;
  const compare = (source: 'LISTED_ROWS' | 'MANIFEST', found: readonly PayoutRow[]) => {
    if (expected === undefined) return;
    const different = rowDifferences(source, expected, found, {
      ...own.token,
      isOwnFile: own.rows !== undefined,
    });
    differences.found.push(...different.differences);
    differentRowCount += different.differenceCount;
  };
  if (own.rows !== undefined && request.listedRows !== undefined) compare('LISTED_ROWS', request.listedRows);
  if (served !== null) compare('MANIFEST', served);
  if (fault !== null) differences.found.push(fault);
  return { manifest, basis, differentRowCount };
}

function rebuildAndCompare(
  { own, request, nowSeconds, expected = {} }: Subject,
  served: Manifest,
  rows: readonly PayoutRow[],
  differences: Differences,
): SoundOpening | null {
  const { chainId, safe, token, factory, implementation } = own;
  const pins = { factory, implementation, token };
  const manifest = manifestFromRows(
    {
      chainId,
      factory,
      implementation,
      payer: safe,
      token: token.address,
      tokenDecimals: token.decimals,
      tokenSymbol: token.symbol,
      batchId: served.batchId,
      gasPerPayout: served.gasPerPayout,
      openBy: served.openBy,
      closeAfter: served.closeAfter,
    },
    rows,
  );
  compareManifests(manifest, served, differences);
  compareExpected(manifest, rows.length, request.nonce, expected, differences);
  refuseFarDates(manifest, nowSeconds, differences);
  const vault = vaultAddress({ payer: safe, batchId: manifest.batchId, factory, implementation });
  const transaction = openTransaction({ factory, vault, nonce: request.nonce }, manifest);
  const subject = { chainId, safe, nonce: request.nonce, transaction, manifest, pins, nowSeconds };
  const intent = decodeOpenIntent(subject);
  if (intent.kind === 'UNKNOWN') {
    differences.found.push(...intent.reasons.map((sentence) => intentFault(sentence)));
  }
  const typedData = safeTypedData({ chainId, safe }, transaction);
  differences.found.push(
    ...compareTypedData(typedData, request.typedData).map((one) =>
      one.what === 'DATA' ? explainData(one, subject, request.typedData) : one,
    ),
  );
  const digest = safeTransactionHash({ chainId, safe }, transaction);
  differences.expect({ what: 'DIGEST', source: 'REQUEST', name: 'The digest' }, digest, request.digest);
  // Last: of a manifest that was changed, its rows and fields say more.
  differences.expect(
    { what: 'MANIFEST_HASH', source: 'REQUEST', name: 'The manifest’s SHA-256' },
    sha256(stringToBytes(request.manifestText)),
    `0x${request.manifestSha256.replace(/^0x/, '')}`,
  );
  if (intent.kind === 'UNKNOWN') return null;
  const fileCheck = own.rows === undefined ? 'NOT_GIVEN' : 'MATCHES';
  return { kind: 'SOUND', intent, manifest, digest, typedData, fileCheck };
}

/** Other calldata, in words where it can be read: which call, and which of its arguments. */
function explainData(
  difference: RequestDifference,
  subject: OpenIntentSubject,
  served: unknown,
): RequestDifference {
  const data = (served as { message: { data: unknown } }).message.data;
  if (!isHex(data)) return difference;
  const decoded = decodeOpenIntent({ ...subject, transaction: { ...subject.transaction, data } });
  if (decoded.kind !== 'UNKNOWN') return difference;
  return { ...difference, sentence: [difference.sentence, ...decoded.reasons].join(' ') };
}

const COMPARED = [
  ['chainId', 'CHAIN', 'chain id'],
  ['payer', 'SAFE', 'payer'],
  ['token', 'TOKEN', 'token'],
  ['tokenDecimals', 'DECIMALS', 'number of decimals'],
  ['tokenSymbol', 'SYMBOL', 'token symbol'],
  ['factory', 'FACTORY', 'factory'],
  ['implementation', 'IMPLEMENTATION', 'vault implementation'],
  ['total', 'TOTAL', 'total'],
  ['chunkCount', 'CHUNK_COUNT', 'chunk count'],
  ['root', 'ROOT', 'root'],
] as const;

function compareManifests(rebuilt: Manifest, served: Manifest, differences: Differences): void {
  for (const [field, what, name] of COMPARED) {
    differences.expect(
      { what, source: 'MANIFEST', name: `The manifest’s ${name}` },
      rebuilt[field],
      served[field],
    );
  }
}

function compareExpected(
  { batchId, total }: Manifest,
  payoutCount: number,
  nonce: bigint,
  expected: ExpectedOpening,
  { expect }: Differences,
): void {
  const source = 'REQUEST';
  if (expected.nonce !== undefined) {
    expect({ what: 'NONCE', source, name: 'The Safe’s nonce' }, expected.nonce, nonce);
  }
  if (expected.batchId !== undefined) {
    expect({ what: 'BATCH', source: 'MANIFEST', name: 'The manifest’s batch' }, expected.batchId, batchId);
  }
  if (expected.payoutCount !== undefined) {
    const part = { what: 'PAYOUT_COUNT', source: 'MANIFEST', name: 'The number of payouts' } as const;
    expect(part, expected.payoutCount, payoutCount);
  }
  if (expected.total !== undefined) {
    expect({ what: 'TOTAL', source: 'MANIFEST', name: 'The total' }, expected.total, total);
  }
}

/** A signature lasts until openBy: no longer than anybody may ask for. */
function refuseFarDates({ openBy, closeAfter }: Manifest, nowSeconds: number, { found }: Differences): void {
  const latest = BigInt(nowSeconds + MAX_OPEN_WINDOW_SECONDS);
  if (openBy > latest) found.push(farDate('OPEN_BY', openBy, latest, 'It could be opened'));
  const latestClose = openBy + BigInt(MAX_CLOSE_DELAY_SECONDS);
  if (closeAfter > latestClose) {
    found.push(farDate('CLOSE_AFTER', closeAfter, latestClose, 'It would have to be left open'));
  }
}

function farDate(
  what: 'OPEN_BY' | 'CLOSE_AFTER',
  found: bigint,
  latest: bigint,
  start: string,
): RequestDifference {
  return {
    what,
    source: 'MANIFEST',
    expected: `at most ${latest}`,
    found: `${found}`,
    sentence: `${start} for far too long: until ${dateOf(found)}; nobody may ask for later than ${dateOf(latest)}.`,
  };
}

function dateOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}

function intentFault(sentence: string): RequestDifference {
  return { what: 'INTENT', source: 'REQUEST', expected: null, found: null, sentence };
}

/** What cannot be rebuilt at all, such as a file of more rows than a batch may have. */
function unreadable(cause: unknown): RequestDifference {
  const message = cause instanceof Error ? cause.message.split('\n', 1)[0] : 'unknown fault';
  return intentFault(`The request cannot be rebuilt: ${message}`);
}
