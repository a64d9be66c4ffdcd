import type { Address } from 'viem';
import { testPins, testTerms } from './arbitraryBatch.testkit.ts';
import { decodeOpenIntent } from './decodeOpenIntent.ts';
import type { OpenIntentSubject } from './intent.ts';
import type { Manifest } from './manifest.ts';
import { manifestFromRows } from './manifestFromRows.ts';
import { openTransaction } from './openTransaction.ts';
import type { PayoutRow } from './payoutRow.ts';
import type { SafeTransaction } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

// The opening that the intent's tests accept once and refuse in every other form. Test code only.

export const other: Address = `0x${'77'.repeat(20)}`;

/** A request to open the batch of a manifest, as we build it. */
export function subjectOf(manifest: Manifest): OpenIntentSubject & { transaction: SafeTransaction } {
  const vault = vaultAddress(manifest);
  const transaction = openTransaction({ factory: manifest.factory, vault, nonce: 4n }, manifest);
  return {
    chainId: manifest.chainId,
    safe: manifest.payer,
    nonce: 4n,
    transaction,
    manifest,
    pins: testPins,
  };
}

export const rows: PayoutRow[] = [2_500_000n, 1n, 40_000_000n].map((units, index) => ({
  recipient: `0x${`a${index}`.repeat(20)}`,
  units,
}));
export const manifest = manifestFromRows(testTerms, rows);
export const subject = subjectOf(manifest);

/** Why the example is refused when changed like this; 'accepted' when it is not. */
export function reasonsOf(changes: Partial<OpenIntentSubject>): string {
  const intent = decodeOpenIntent({ ...subject, ...changes });
  return intent.kind === 'UNKNOWN' ? intent.reasons.join(' ') : 'accepted';
}
