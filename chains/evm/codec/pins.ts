import { type Address, getAddress, isAddress } from 'viem';
import {
  developmentToken18Address,
  developmentUsdcAddress,
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
} from '../../../contracts/abi/addresses.ts';

// What whoever signs knows without any server. Safe's own contracts are pinned in SAFE_DEPLOYMENT.

/** The contracts that pay, where this version's code puts them on every chain. */
export const PAYOUT_CONTRACTS = {
  factory: payoutVaultFactoryAddress,
  implementation: payoutVaultImplementationAddress,
} as const satisfies { factory: Address; implementation: Address };

/** A token and how its amounts are to be read. `caip19` has the checksummed address. */
export type PinnedAsset = {
  readonly caip19: string;
  readonly chainId: number;
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
};

/** The only chain on which the development tokens are known. */
const EMBEDDED_CHAIN_ID = 31_337;

const USDC = { symbol: 'USDC', decimals: 6 } as const;

/**
 * Tokens that are recognized by themselves: the issuer's own USDC on each chain, never a bridged one, and on the
 * embedded chain the development tokens. With a digit more of decimals the same file would pay ten times as much, and
 * all that is rebuilt from it would agree: so decimals are not taken from whoever asks for a signature.
 */
export const PINNED_ASSETS: readonly PinnedAsset[] = [
  pin(1, '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', USDC),
  pin(10, '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85', USDC),
  pin(137, '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', USDC),
  pin(8_453, '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', USDC),
  pin(42_161, '0xaf88d065e77c8cC2239327C5EDb3A432268e5831', USDC),
  pin(43_114, '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', USDC),
  pin(84_532, '0x036CbD53842c5426634e7929541eC2318f3dCF7e', USDC),
  pin(11_155_111, '0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238', USDC),
  pin(EMBEDDED_CHAIN_ID, developmentUsdcAddress, USDC),
  pin(EMBEDDED_CHAIN_ID, developmentToken18Address, { symbol: 'DUSD', decimals: 18 }),
];

const BY_CAIP19 = new Map(PINNED_ASSETS.map((asset) => [asset.caip19, asset]));

/** The pinned asset at an address, in any case, on a chain; null when it is none that is known here. */
export function pinnedAsset(chainId: number, address: string): PinnedAsset | null {
  if (!isAddress(address, { strict: false })) return null;
  return BY_CAIP19.get(caip19Of(chainId, address)) ?? null;
}

function pin(
  chainId: number,
  address: Address,
  asset: Pick<PinnedAsset, 'symbol' | 'decimals'>,
): PinnedAsset {
  return { caip19: caip19Of(chainId, address), chainId, address, ...asset };
}

function caip19Of(chainId: number, address: Address): string {
  return `eip155:${chainId}/erc20:${getAddress(address)}`;
}
