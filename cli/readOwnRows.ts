import { type Address, getAddress } from 'viem';
import type { PayoutRow } from '../chains/evm/codec/payoutRow.ts';
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

/**
 * The payouts of a file as its owner holds it, read here and not by the server.
 * @throws CliError when a row is at fault, or names a payee without an address: whom it pays would be the server's word
 */
export async function readOwnRows(bytes: Uint8Array<ArrayBuffer>, asset: OwnAsset): Promise<OwnRow[]> {
  const file = new Blob([bytes]);
  const { symbol, ...rules } = asset;
  const { lines, issues, preview } = await readPayoutFile(file, {
    ...rules,
    assetSymbol: symbol,
    chainName: 'this chain',
    namesPayees: true,
  });
  if (preview === null || issues.errorCount > 0) {
    throw new CliError('Your file holds rows at fault. Nothing is signed.', 2);
  }
  return lines.map(({ row, recipient, units }) => {
    if (recipient === null) {
      const message = `Row ${row} of your file names a payee without an address: the address would be the server’s word alone, which nobody should sign. Write it into the file. Nothing is signed.`;
      throw new CliError(message, 2);
    }
    return { row, recipient: getAddress(recipient), units };
  });
}
