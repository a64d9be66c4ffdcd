import type { Address, Hex } from 'viem';

/** A contract pinned by its address and by the keccak256 of its runtime code. */
export type PinnedContract = { readonly address: Address; readonly codeHash: Hex };

/**
 * Safe 1.4.1 at its canonical addresses, the same on every chain: each is CREATE2 through the singleton factory with
 * salt 0 of the bytecode in @safe-global/safe-contracts 1.4.1-2 (a test derives them from those artifacts). This file
 * is pure: whoever speaks to a node compares `codeHash` with the code found at the address before trusting it.
 */
export const SAFE_DEPLOYMENT = {
  singletonL2: {
    address: '0x29fcB43b46531BcA003ddC8FCB67FFE91900C762',
    codeHash: '0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff',
  },
  singletonL1: {
    address: '0x41675C099F32341bf84BFc5382aF534df5C7461a',
    codeHash: '0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4',
  },
  proxyFactory: {
    address: '0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67',
    codeHash: '0x50c3cdc4074750a7a974204a716c999edd37482f907608d960b2b025ee0b3317',
  },
  multiSendCallOnly: {
    address: '0x9641d764fc13c8B624c04430C7356C1C7C8102e2',
    codeHash: '0xecd5bd14a08c5d2122379900b2f272bdf107a7e92423c10dd5fe3254386c9939',
  },
  fallbackHandler: {
    address: '0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99',
    codeHash: '0x7c6007a5d711cea8dfd5d91f5940ec29c7f200fe511eb1fc1397b367af3c42f9',
  },
} as const satisfies Record<string, PinnedContract>;

/** keccak256 of the runtime code of every proxy that the 1.4.1 factory creates. */
export const SAFE_PROXY_CODE_HASH: Hex = '0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c';
