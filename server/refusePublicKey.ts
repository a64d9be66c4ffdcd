import type { Address } from 'viem';
import { type ChainConfig, eip155ChainIdOf } from './chainConfig.ts';
import { EMBEDDED_CHAIN_ID } from './embedded/anvil.ts';
import { developmentAccount } from './embedded/developmentAccounts.ts';
import { EnvironmentError } from './env.ts';

/** How many accounts of the development mnemonic nodes fund: anvil ten, Hardhat twenty. */
const PUBLIC_ACCOUNTS = 20;

/**
 * Refuses a relayer whose key everybody knows, unless nothing but a development chain is paid on: whoever sends what it holds
 * elsewhere, or uses its nonces up, stops all payouts.
 * @throws EnvironmentError
 */
export function refusePublicKey(relayer: Address, chains: readonly ChainConfig[]): void {
  const real = chains.find((chain) => eip155ChainIdOf(chain) !== EMBEDDED_CHAIN_ID);
  if (real === undefined) return;
  for (let index = 0; index < PUBLIC_ACCOUNTS; index += 1) {
    if (developmentAccount(index).address !== relayer) continue;
    throw new EnvironmentError(
      `The relayer ${relayer} is a development account whose key is public. ${real.name} needs a key of your own: npm run relayer-key`,
    );
  }
}
