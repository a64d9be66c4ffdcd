import { getAddress, isAddress } from 'viem';
import { PAYOUT_CONTRACTS, pinnedAsset } from '../../chains/evm/codec/pins.ts';
import type { ImportIssue } from '../../payroll/file/fileIssue.ts';
import { readPayoutFile } from '../../payroll/file/readPayoutFile.ts';
import type { OwnFileRows, ServedRequest } from './servedRequest.ts';

const MAX_ISSUES_NAMED = 20;

/** The approver's own file as this page reads it: payouts, or why it cannot be compared. */
export type OwnFile =
  | {
      readonly kind: 'READ';
      readonly rows: OwnFileRows;
      readonly units: bigint;
      readonly sheets: readonly string[];
    }
  | {
      readonly kind: 'FAULTY';
      readonly issues: readonly ImportIssue[];
      readonly errorCount: number;
      readonly sheets: readonly string[];
    };

/**
 * Reads the file with the same reader that imports use, without the server.
 * @param sheet of a workbook; null for the first that is shown
 * @returns null when the request names no account or no token that is known here
 */
export async function readOwnFile(
  file: Blob,
  sheet: string | null,
  { caip2, safe, asset }: Pick<ServedRequest, 'caip2' | 'safe' | 'asset'>,
): Promise<OwnFile | null> {
  const pinned = pinnedAsset(Number(caip2.slice('eip155:'.length)), asset.address ?? '');
  if (pinned === null || safe === null || !isAddress(safe)) return null;
  const { lines, issues, preview, sheets } = await readPayoutFile(
    file,
    {
      ...PAYOUT_CONTRACTS,
      chainName: 'this chain',
      token: pinned.address,
      payer: getAddress(safe),
      decimals: pinned.decimals,
      assetSymbol: pinned.symbol,
      namesPayees: true,
    },
    { sheet },
  );
  if (preview === null || issues.errorCount > 0) {
    const errors = issues.kept().filter(({ severity }) => severity === 'ERROR');
    return {
      kind: 'FAULTY',
      issues: errors.slice(0, MAX_ISSUES_NAMED),
      errorCount: issues.errorCount,
      sheets,
    };
  }
  const rows = lines.flatMap(({ row, recipient, units }) =>
    recipient === null ? [] : [{ row, recipient, units }],
  );
  const withoutAddress = lines.flatMap(({ row, recipient, units }) =>
    recipient === null ? [{ row, units }] : [],
  );
  return { kind: 'READ', rows: { rows, withoutAddress }, units: preview.totalUnits, sheets };
}
