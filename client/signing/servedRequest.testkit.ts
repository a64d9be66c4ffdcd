import { type Address, type Hex, sha256, stringToBytes } from 'viem';
import { testPins, testTerms } from '../../chains/evm/codec/arbitraryBatch.testkit.ts';
import { closeTransaction } from '../../chains/evm/codec/closeTransaction.ts';
import { encodeManifest } from '../../chains/evm/codec/encodeManifest.ts';
import { type Manifest, manifestRows } from '../../chains/evm/codec/manifest.ts';
import { type ManifestTerms, manifestFromRows } from '../../chains/evm/codec/manifestFromRows.ts';
import type { ServedTypedData } from '../../chains/evm/codec/openRequestExample.testkit.ts';
import { openTransaction } from '../../chains/evm/codec/openTransaction.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import {
  type SafeTransaction,
  safeTransactionHash,
  safeTypedData,
} from '../../chains/evm/codec/safeTransaction.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import { encodeNodeId } from '../../core/ids.ts';
import type { OwnFileRows, ServedRequest } from './servedRequest.ts';

// What a server says of a batch of 1,000 payouts, honest unless a test changes it. Test code only.

export type Served = ServedRequest & { digest: Hex; typedData: ServedTypedData };

export const NOW_SECONDS = 1_799_999_000;
export const ROW_COUNT = 1_000;
/** A file's first row is its heading. */
const FIRST_FILE_ROW = 2;
const NONCE = 4n;

export const attacker: Address = '0x7777777777777777777777777777777777777777';
/** As on the embedded chain: chunks of 200. */
export const terms: ManifestTerms = { ...testTerms, gasPerPayout: 60_000 };

export const rows: readonly PayoutRow[] = Array.from({ length: ROW_COUNT }, (_, index) => ({
  recipient: `0xab${(index + 1).toString(16).padStart(38, '0')}`,
  units: BigInt(index + 1) * 10_000n,
}));

export const fileOf = (paid: readonly PayoutRow[]): OwnFileRows => ({
  rows: paid.map((row, index) => ({ ...row, row: index + FIRST_FILE_ROW })),
  withoutAddress: [],
});

/** The request to open a batch of these rows, consistent in itself. */
export function servedOpening(
  paid: readonly PayoutRow[] = rows,
  changes: { terms?: Partial<ManifestTerms>; nonce?: bigint } = {},
): Served {
  const manifest = manifestFromRows({ ...terms, ...changes.terms }, paid);
  return servedTransaction(manifest, openingOf(manifest, changes.nonce ?? NONCE));
}

export function openingOf(manifest: Manifest, nonce = NONCE): SafeTransaction {
  return openTransaction({ factory: manifest.factory, vault: vaultAddress(manifest), nonce }, manifest);
}

/** A request whose digest and typed data are of this transaction, whatever it does. */
export function servedTransaction(manifest: Manifest, transaction: SafeTransaction): Served {
  const domain = { chainId: terms.chainId, safe: terms.payer };
  const manifestText = encodeManifest(manifest);
  const paid = manifestRows(manifest);
  return {
    kind: 'PAYOUT_OPEN',
    caip2: `eip155:${terms.chainId}`,
    safe: terms.payer,
    asset: testPins.token,
    batch: {
      id: encodeNodeId('PayoutBatch', '0190a0b0-c0d0-7000-8000-00000000abcd'),
      payoutCount: paid.length,
      totalUnits: `${manifest.total}`,
    },
    digest: safeTransactionHash(domain, transaction),
    typedData: JSON.parse(JSON.stringify(safeTypedData(domain, transaction))),
    manifestSha256: sha256(stringToBytes(manifestText)),
    manifestText,
    listed: paid.map(({ recipient, units }, index) => ({ index, recipient, units: `${units}` })),
  };
}

export function servedClosing(vault = vaultAddress(terms)): Served {
  const transaction = closeTransaction({ vault, nonce: NONCE });
  return {
    ...servedTransaction(manifestFromRows(terms, rows.slice(0, 3)), transaction),
    kind: 'PAYOUT_CLOSE',
    manifestText: null,
    listed: [],
  };
}
