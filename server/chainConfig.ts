import { getAddress, isAddress } from 'viem';
import { z } from 'zod';
import { payoutVaultFactoryAddress, payoutVaultImplementationAddress } from '../contracts/abi/addresses.ts';
import { DataFeeConfig, FeeConfig } from './feeConfig.ts';

const MAX_CHAINS = 32;
export const MAX_NODES_PER_CHAIN = 8;
const MAX_ASSETS_PER_CHAIN = 100;
const MAX_CONFIRMATION_DEPTH_BLOCKS = 10_000;

const address = z
  .string()
  .refine((text) => isAddress(text), 'must be an EVM address with a correct checksum')
  .transform((text) => getAddress(text));

const url = (protocol: RegExp) => z.url({ protocol }).transform((text) => text.replace(/\/$/, ''));

const ChainNode = z.strictObject({
  /** Over HTTP. It may carry a provider's key: it is never shown. */
  rpcUrl: url(/^https?$/),
  /** Where the node tells of new heads; without it, it is asked. */
  wsUrl: url(/^wss?$/).optional(),
});

/** Order is only their name, from 1. What concludes something is asked of two, where there are two. */
const ChainNodes = z
  .tuple([ChainNode], ChainNode)
  .refine((nodes) => nodes.length <= MAX_NODES_PER_CHAIN, `has more than ${MAX_NODES_PER_CHAIN} nodes`)
  .refine(
    (nodes) => new Set(nodes.map(({ rpcUrl }) => rpcUrl)).size === nodes.length,
    // It would agree with itself.
    'names a node twice',
  );

export const ChainConfig = z
  .strictObject({
    /** CAIP-2, `eip155:8453`. */
    caip2: z.string().regex(/^eip155:[1-9]\d{0,17}$/, 'must be a CAIP-2 id like eip155:8453'),
    name: z.string().min(1).max(100),
    nodes: ChainNodes,
    /** Blocks on top of a block, itself included, that make it CONFIRMED. */
    confirmedDepth: z.number().int().positive().max(MAX_CONFIRMATION_DEPTH_BLOCKS),
    /** The same for FINAL; null where the node's `finalized` tag decides. */
    finalDepth: z.number().int().positive().max(MAX_CONFIRMATION_DEPTH_BLOCKS).nullable(),
    /** PayoutVaultFactory; where this version's code puts it on every chain, unless set. */
    factory: address.default(payoutVaultFactoryAddress),
    /** PayoutVault, which every vault delegates to; likewise. */
    implementation: address.default(payoutVaultImplementationAddress),
    /** ERC-20 tokens that may be paid; symbol and decimals are read from the chain. */
    assets: z.array(address).max(MAX_ASSETS_PER_CHAIN),
    /** What its gas may cost, and what happens when it costs more; DEFAULT_FEE_POLICY unless set. */
    fees: FeeConfig.optional(),
    /** What it takes for publishing transactions on the chain below it; NONE unless set. */
    dataFee: DataFeeConfig.optional(),
    /** With `{hash}` where a transaction's hash goes. */
    explorerUrlTemplate: z
      .url()
      .refine((text) => text.includes('{hash}'), 'must contain {hash}')
      .optional(),
  })
  .refine((chain) => chain.finalDepth === null || chain.finalDepth >= chain.confirmedDepth, {
    message: 'must not be less than confirmedDepth',
    path: ['finalDepth'],
  });

/** One chain that this system pays on. */
export type ChainConfig = z.infer<typeof ChainConfig>;

export const ChainConfigs = z
  .array(ChainConfig)
  .max(MAX_CHAINS)
  .refine(
    (chains) => new Set(chains.map((chain) => chain.caip2)).size === chains.length,
    'names a chain twice',
  );

/** The EIP-155 chain id that a chain's CAIP-2 names. */
export function eip155ChainIdOf(chain: Pick<ChainConfig, 'caip2'>): number {
  return Number(chain.caip2.slice('eip155:'.length));
}
