import { type Address, sha256, stringToBytes } from 'viem';
import { encodeManifest } from '../../../chains/evm/codec/encodeManifest.ts';
import { type Manifest, manifestRows } from '../../../chains/evm/codec/manifest.ts';
import { manifestFromRows } from '../../../chains/evm/codec/manifestFromRows.ts';
import { openTransaction } from '../../../chains/evm/codec/openTransaction.ts';
import {
  type SafeTransaction,
  safeTransactionHash,
  safeTypedData,
} from '../../../chains/evm/codec/safeTransaction.ts';
import { vaultAddress } from '../../../chains/evm/codec/vaultAddress.ts';
import type { Lie } from './hostileServer.ts';

/** The Safe transaction that opens a batch, as an honest server asks for it. */
export function honestTransaction(manifest: Manifest, nonce: bigint): SafeTransaction {
  return openTransaction({ factory: manifest.factory, vault: vaultAddress(manifest), nonce }, manifest);
}

/** Typed data and digest of this transaction, consistent in themselves; nothing else is changed. */
export function asksFor({ chainId, payer }: Manifest, transaction: SafeTransaction): Lie {
  const domain = { chainId, safe: payer };
  return {
    approval: ({ signingRequest }) => {
      signingRequest.typedData = JSON.parse(JSON.stringify(safeTypedData(domain, transaction)));
      signingRequest.digest = safeTransactionHash(domain, transaction);
    },
  };
}

/** One recipient is another, in everything that follows from the rows: chunks, root, manifest, typed data and digest. */
export function swappedRecipient(
  manifest: Manifest,
  { index, recipient, nonce }: { index: number; recipient: Address; nonce: bigint },
): Lie {
  const rows = manifestRows(manifest);
  const stolen = rows.map((row, at) => (at === index ? { ...row, recipient } : row));
  const forged = manifestFromRows(manifest, stolen);
  const manifestText = encodeManifest(forged);
  const lie = asksFor(forged, honestTransaction(forged, nonce));
  return {
    manifestText,
    approval: (approval) => {
      lie.approval?.(approval);
      approval.signingRequest.manifest.sha256 = sha256(stringToBytes(manifestText));
    },
  };
}
