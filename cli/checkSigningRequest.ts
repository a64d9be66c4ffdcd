import { createHash } from 'node:crypto';
import { getAddress, type Hex, hexToBytes } from 'viem';
import { compareRows, type RowDifference } from '../chains/evm/codec/compareRows.ts';
import { decodeOpenIntent } from '../chains/evm/codec/decodeOpenIntent.ts';
import type { PayoutOpenIntent } from '../chains/evm/codec/intent.ts';
import { type Manifest, manifestRows } from '../chains/evm/codec/manifest.ts';
import { manifestFromRows } from '../chains/evm/codec/manifestFromRows.ts';
import { openTransaction } from '../chains/evm/codec/openTransaction.ts';
import { parseManifest } from '../chains/evm/codec/parseManifest.ts';
import type { PayoutRow } from '../chains/evm/codec/payoutRow.ts';
import type { SafeTransaction } from '../chains/evm/codec/safeTransaction.ts';
import { unpackRows } from '../chains/evm/codec/unpackRows.ts';
import { vaultAddress } from '../chains/evm/codec/vaultAddress.ts';
import { MAX_CLOSE_DELAY_SECONDS, MAX_OPEN_WINDOW_SECONDS } from '../core/limits.ts';
import { formatAmount } from '../core/money.ts';
import { CliError } from './cliError.ts';
import type { OwnAsset, OwnRow } from './readOwnRows.ts';

/** What an approver knows without the server: their own file, and which account, token and contracts it is about. */
export type OwnKnowledge = OwnAsset & { chainId: number; rows: readonly OwnRow[] };

/** What the server asks to be signed. Nothing of it is trusted. */
export type SigningRequest = {
  digest: Hex;
  nonce: bigint;
  manifestText: string;
  /** In hexadecimal digits, as the signing request names it. */
  manifestSha256: string;
  /** The rows as the API lists them: what people were shown. */
  listedRows: readonly PayoutRow[];
};

/**
 * Rebuilds rows → root → open() → Safe transaction → digest from the approver's own file and compares each with what
 * the server asks to be signed.
 * @returns the manifest, which is now known to be the file's, and in words what signing does
 * @throws CliError naming the first rows, or the fields, that differ
 */
export function checkSigningRequest(
  own: OwnKnowledge,
  request: SigningRequest,
): { manifest: Manifest; intent: PayoutOpenIntent } {
  refuseDifferences('The API lists other payouts than your file', own, request.listedRows);
  const manifest = readManifest(own, request.manifestText);
  refuseDifferences(
    'The manifest to be signed holds other payouts than your file',
    own,
    manifestRows(manifest),
  );
  const rebuilt = manifestFromRows(
    {
      ...manifest,
      payer: own.payer,
      token: own.token,
      tokenDecimals: own.decimals,
      factory: own.factory,
      implementation: own.implementation,
      chainId: own.chainId,
    },
    own.rows,
  );
  refuseUnless('root', rebuilt.root, manifest.root);
  refuseUnless('total', rebuilt.total, manifest.total);
  refuseUnless('chunkCount', rebuilt.chunkCount, manifest.chunkCount);
  for (const field of ['payer', 'token', 'factory', 'implementation', 'chainId', 'tokenDecimals'] as const) {
    refuseUnless(field, rebuilt[field], manifest[field]);
  }
  const intent = decodeOpenIntent({
    chainId: own.chainId,
    safe: own.payer,
    nonce: request.nonce,
    transaction: rebuildTransaction(rebuilt, request.nonce),
    manifest: rebuilt,
    pins: {
      factory: own.factory,
      implementation: own.implementation,
      token: { address: own.token, symbol: own.symbol, decimals: own.decimals },
    },
    nowSeconds: Math.floor(Date.now() / 1000),
  });
  refuseFarDates(rebuilt);
  if (intent.kind === 'UNKNOWN') throw new CliError(`Not signed: ${intent.reasons.join(' ')}`);
  refuseUnless('digest', intent.digest, request.digest);
  // Last: of a manifest that was changed, the rows and fields above say more.
  const sha256 = createHash('sha256').update(request.manifestText).digest('hex');
  refuseUnless('manifestSha256', sha256, request.manifestSha256.replace(/^0x/, ''));
  return { manifest: rebuilt, intent };
}

/** A signature lasts until openBy: no longer than anybody may ask for here. */
function refuseFarDates({ openBy, closeAfter }: Manifest): void {
  const latest = BigInt(Math.floor(Date.now() / 1000) + MAX_OPEN_WINDOW_SECONDS);
  if (openBy > latest || closeAfter > openBy + BigInt(MAX_CLOSE_DELAY_SECONDS)) {
    throw new CliError('Not signed: it could be opened, or would have to be left open, for far too long.');
  }
}

function rebuildTransaction(manifest: Manifest, nonce: bigint): SafeTransaction {
  const { payer, batchId, factory, implementation } = manifest;
  const vault = vaultAddress({ payer, batchId, factory, implementation });
  return openTransaction({ factory, vault, nonce }, manifest);
}

function readManifest(own: OwnKnowledge, text: string): Manifest {
  try {
    return parseManifest(text);
  } catch (error) {
    // A manifest whose rows were changed does not parse; say which row, before saying that.
    const rows = readRowsLeniently(text);
    if (rows !== null)
      refuseDifferences('The manifest to be signed holds other payouts than your file', own, rows);
    throw new CliError(
      `Not signed: the manifest is not sound (${error instanceof Error ? error.message : error}).`,
    );
  }
}

function readRowsLeniently(text: string): PayoutRow[] | null {
  try {
    const { chunks } = JSON.parse(text) as { chunks: string[] };
    return chunks.flatMap((chunk) => unpackRows(hexToBytes(chunk as Hex)));
  } catch {
    return null;
  }
}

function refuseDifferences(what: string, own: OwnKnowledge, found: readonly PayoutRow[]): void {
  const { differences, differenceCount } = compareRows(own.rows, found);
  if (differenceCount === 0) return;
  const lines = differences.map((difference) => `  ${describe(difference, own)}`);
  throw new CliError(`Not signed. ${what} (${differenceCount} difference(s)):\n${lines.join('\n')}`);
}

function describe(difference: RowDifference, { rows, decimals }: OwnKnowledge): string {
  const amountTo = ({ units, recipient }: PayoutRow) =>
    `${formatAmount(units, decimals)} to ${getAddress(recipient)}`;
  if (difference.kind === 'ADDED') {
    return `payout ${difference.index + 1} there is not in your file: ${amountTo(difference.row)}`;
  }
  const row = `row ${rows[difference.index]?.row}`;
  if (difference.kind === 'REMOVED') return `${row}: missing there: ${amountTo(difference.row)}`;
  return difference.field === 'units'
    ? `${row}: the amount is ${formatAmount(difference.found, decimals)}, your file says ${formatAmount(difference.expected, decimals)}`
    : `${row}: the recipient is ${difference.found}, your file says ${difference.expected}`;
}

function refuseUnless(field: string, expected: unknown, found: unknown): void {
  if (expected === found) return;
  throw new CliError(
    `Not signed: ${field} is ${String(found)}, rebuilt from your file it is ${String(expected)}.`,
  );
}
