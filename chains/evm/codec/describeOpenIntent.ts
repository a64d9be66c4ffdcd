import { type Address, getAddress, type Hex } from 'viem';
import { formatAmount } from '../../../core/money.ts';
import type { IntentLine, IntentWarning, OpenIntentSubject, PayoutOpenIntent } from './intent.ts';
import type { PayoutRow } from './payoutRow.ts';

/** An opening whose bytes, rows and pins agree, with what was recomputed from them. */
type VerifiedOpening = OpenIntentSubject & {
  readonly rows: readonly PayoutRow[];
  readonly total: bigint;
  readonly vault: Address;
  readonly digest: Hex;
};

const DAY_SECONDS = 24 * 3600;
const MAX_USUAL_OPEN_WINDOW_SECONDS = 30 * DAY_SECONDS;
const MAX_USUAL_CLOSE_DELAY_SECONDS = 30 * DAY_SECONDS;

/** The same in English: what happens, the figures, and what to look at twice. */
export function describeOpenIntent(opening: VerifiedOpening): PayoutOpenIntent {
  const { rows, total, vault, digest, pins } = opening;
  const largest = rows.reduce((most, row) => (row.units > most.units ? row : most));
  const amount = (units: bigint) => `${formatAmount(units, pins.token.decimals)} ${pins.token.symbol}`;
  const payouts = rows.length === 1 ? '1 payout' : `${rows.length} payouts`;
  return {
    kind: 'PAYOUT_OPEN',
    summary: `Pay ${amount(total)} in ${payouts}.`,
    lines: openLines(opening, {
      payouts,
      total: amount(total),
      largest: `${amount(largest.units)} to ${getAddress(largest.recipient)}`,
    }),
    warnings: openWarnings(opening),
    digest,
    vault,
    payoutCount: rows.length,
    total,
    largest,
  };
}

function openLines(
  { chainId, safe, nonce, manifest, pins, vault }: VerifiedOpening,
  figures: { payouts: string; total: string; largest: string },
): IntentLine[] {
  return [
    { label: 'Payouts', value: figures.payouts },
    { label: 'Total', value: figures.total },
    { label: 'Largest payout', value: figures.largest },
    { label: 'Token', value: getAddress(pins.token.address) },
    { label: 'Paid from', value: `${getAddress(safe)} on eip155:${chainId}` },
    { label: 'Safe nonce', value: `${nonce}` },
    { label: 'Vault', value: vault },
    { label: 'Batch', value: manifest.batchId },
    { label: 'Can be opened until', value: dateOf(manifest.openBy) },
    { label: 'Anyone may return the rest after', value: dateOf(manifest.closeAfter) },
    { label: 'Gas for each payout', value: `${manifest.gasPerPayout}` },
    { label: 'Root', value: manifest.root },
  ];
}

function openWarnings({ manifest, nowSeconds, rows, safe }: VerifiedOpening): IntentWarning[] {
  const warnings: IntentWarning[] = [];
  if (nowSeconds !== undefined && manifest.openBy < nowSeconds) {
    warnings.push({
      code: 'OPEN_BY_PASSED',
      message: 'The time in which this can be opened has passed. Signing it has no effect.',
    });
  }
  if (nowSeconds !== undefined && manifest.openBy > nowSeconds + MAX_USUAL_OPEN_WINDOW_SECONDS) {
    warnings.push({
      code: 'OPEN_BY_FAR_AWAY',
      message: `Once signed, this can be opened until ${dateOf(manifest.openBy)}, more than 30 days from now.`,
    });
  }
  if (manifest.closeAfter - manifest.openBy > MAX_USUAL_CLOSE_DELAY_SECONDS) {
    warnings.push({
      code: 'CLOSE_AFTER_FAR_AWAY',
      message: `What cannot be delivered stays in the vault until ${dateOf(manifest.closeAfter)}, unless the Safe closes it.`,
    });
  }
  const duplicates = duplicateCount(rows);
  if (duplicates > 0) {
    warnings.push({
      code: 'DUPLICATE_PAYOUTS',
      message: `${duplicates === 1 ? '1 payout repeats' : `${duplicates} payouts repeat`} the recipient and amount of another.`,
    });
  }
  const payer = safe.toLowerCase();
  const ownCount = rows.reduce((count, row) => (row.recipient === payer ? count + 1 : count), 0);
  if (ownCount > 0) {
    warnings.push({
      code: 'PAYS_THE_PAYER',
      message: `${ownCount === 1 ? '1 payout goes' : `${ownCount} payouts go`} back to the paying Safe itself.`,
    });
  }
  return warnings;
}

function duplicateCount(rows: readonly PayoutRow[]): number {
  return rows.length - new Set(rows.map(({ recipient, units }) => `${recipient} ${units}`)).size;
}

/** Unix seconds as an ISO 8601 date and time in UTC. */
function dateOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000', '');
}
