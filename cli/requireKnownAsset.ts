import type { Address } from 'viem';
import { pinnedAsset } from '../chains/evm/codec/pins.ts';
import { CliError } from './cliError.ts';

/**
 * Refuses a token that is not known by itself, and other decimals or another symbol than are known of it.
 * @param said what the API says of the asset
 * @throws CliError
 */
export function requireKnownAsset(
  chainId: number,
  said: { token: Address; symbol: string; decimals: number },
): void {
  const known = pinnedAsset(chainId, said.token);
  if (known === null) {
    throw new CliError(
      `Not signed: the API says that the token is ${said.token}, which is none that is known on this chain.`,
    );
  }
  if (known.decimals !== said.decimals) {
    throw new CliError(
      `Not signed: the API says that the token has ${said.decimals} decimals; ${known.symbol} has ${known.decimals}.`,
    );
  }
  if (known.symbol !== said.symbol) {
    throw new CliError(`Not signed: the API calls the token ${said.symbol}; it is ${known.symbol}.`);
  }
}
