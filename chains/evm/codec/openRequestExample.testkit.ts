import { type Hex, sha256, stringToBytes } from 'viem';
import { testPins } from './arbitraryBatch.testkit.ts';
import type { OpenRequest, OwnOpenKnowledge } from './checkOpenRequest.ts';
import { encodeManifest } from './encodeManifest.ts';
import { type Manifest, manifestRows } from './manifest.ts';
import { subjectOf } from './openIntentExample.testkit.ts';
import { safeTransactionHash, safeTypedData } from './safeTransaction.ts';

// The signing request of a manifest as an honest server sends it, and what its approver knows. Test code only.

export const NOW_SECONDS = 1_799_999_000;

/** A file's first row is its heading. */
export const FIRST_FILE_ROW = 2;

export function ownOf(
  manifest: Manifest,
): OwnOpenKnowledge & { rows: NonNullable<OwnOpenKnowledge['rows']> } {
  const rows = manifestRows(manifest).map((row, index) => ({ ...row, row: index + FIRST_FILE_ROW }));
  return { ...testPins, chainId: manifest.chainId, safe: manifest.payer, rows };
}

/** JSON, as it arrives. */
export type ServedTypedData = {
  types: Record<string, { name: string; type: string }[]>;
  domain: Record<string, unknown>;
  primaryType: string;
  message: Record<string, unknown>;
};

export function requestOf(manifest: Manifest): OpenRequest & { digest: Hex; typedData: ServedTypedData } {
  const { transaction, chainId, safe } = subjectOf(manifest);
  const manifestText = encodeManifest(manifest);
  return {
    digest: safeTransactionHash({ chainId, safe }, transaction),
    typedData: JSON.parse(JSON.stringify(safeTypedData({ chainId, safe }, transaction))),
    manifestText,
    manifestSha256: sha256(stringToBytes(manifestText)),
    nonce: transaction.nonce,
    listedRows: manifestRows(manifest),
  };
}
