import type { ImportPreview as FilePreview } from '../../payroll/file/rowReader.ts';
import type { ResolvedLines } from './resolveLines.ts';

/** What a file holds, and what would be written of it. Amounts are base units. */
export type ImportPreview = FilePreview & {
  /** Payouts whose recipient was never paid before. */
  readonly newRecipientCount: number;
  /** Payees who are paid. */
  readonly payeeCount: number;
  /** One a batch. */
  readonly parts: readonly {
    readonly accountId: string;
    readonly assetId: string;
    readonly payoutCount: number;
    readonly totalUnits: bigint;
  }[];
  /** The first payouts in the file's order: a line that is split has one for each of its parts. */
  readonly rows: ResolvedLines['firstPayouts'];
};

/** Rows that only the address book finds at fault do not count as accepted. */
export function importPreview(file: FilePreview, resolved: ResolvedLines): ImportPreview {
  const { acceptedCount, totalUnits, newRecipientCount, payeeCount } = resolved;
  return {
    ...file,
    acceptedCount,
    totalUnits,
    newRecipientCount,
    payeeCount,
    parts: resolved.batches.map(({ target, payouts }) => ({
      accountId: target.accountId,
      assetId: target.assetId,
      payoutCount: payouts.length,
      totalUnits: payouts.reduce((sum, { units }) => sum + units, 0n),
    })),
    rows: resolved.firstPayouts,
  };
}
