import { type Address, getAddress } from 'viem';
import type { PayoutRow } from '../chains/evm/codec/payoutRow.ts';
import { required } from '../core/errors.ts';
import { readPayoutFile } from '../payroll/file/readPayoutFile.ts';
import { CliError } from './cliError.ts';

/** What the approver knows of the asset and of where the money comes from. */
export type OwnAsset = {
  symbol: string;
  decimals: number;
  token: Address;
  payer: Address;
  factory: Address;
  implementation: Address;
};

/** A payout with its row in the file, as a person finds it there. */
export type OwnRow = PayoutRow & { readonly row: number };

/** The payouts of a file as its owner holds it, read here and not by the server. @throws CliError when a row is at fault */
export async function readOwnRows(bytes: Uint8Array<ArrayBuffer>, asset: OwnAsset): Promise<OwnRow[]> {
  const file = new Blob([bytes]);
  const { symbol, ...rules } = asset;
  const { lines, issues, preview } = await readPayoutFile(file, {
    ...rules,
    assetSymbol: symbol,
    chainName: 'this chain',
  });
  if (preview === null || issues.errorCount > 0) {
    throw new CliError('Your file holds rows at fault. Nothing is signed.', 2);
  }
  return lines.map(({ row, recipient, units }) => ({
    row,
    recipient: getAddress(required(recipient, `The recipient of row ${row}`)),
    units,
  }));
}
