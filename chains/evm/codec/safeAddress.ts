import {
  type Address,
  concatHex,
  encodeFunctionData,
  encodePacked,
  getCreate2Address,
  type Hex,
  keccak256,
  pad,
  zeroAddress,
} from 'viem';
import { CodecError } from './codecError.ts';
import { safeAbi, safeProxyFactoryAbi } from './safeAbi.ts';
import { SAFE_DEPLOYMENT } from './safeDeployment.ts';

/** What a new Safe is made of. Owners in the order they are to be kept; `saltNonce` tells equal Safes apart. */
export type SafeSetup = {
  readonly owners: readonly Address[];
  readonly threshold: number;
  readonly saltNonce: bigint;
};

/** Creation code of SafeProxy 1.4.1, as its factory carries it and `proxyCreationCode()` returns it. */
export const SAFE_PROXY_CREATION_CODE: Hex =
  '0x608060405234801561001057600080fd5b506040516101e63803806101e68339818101604052602081101561003357600080fd5b8101908080519060200190929190505050600073ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff1614156100ca576040517f08c379a00000000000000000000000000000000000000000000000000000000081526004018080602001828103825260228152602001806101c46022913960400191505060405180910390fd5b806000806101000a81548173ffffffffffffffffffffffffffffffffffffffff021916908373ffffffffffffffffffffffffffffffffffffffff1602179055505060ab806101196000396000f3fe608060405273ffffffffffffffffffffffffffffffffffffffff600054167fa619486e0000000000000000000000000000000000000000000000000000000060003514156050578060005260206000f35b3660008037600080366000845af43d6000803e60008114156070573d6000fd5b3d6000f3fea264697066735822122003d1488ee65e08fa41e58e888a9865554c535f2c77126a82cb4c0f917f31441364736f6c63430007060033496e76616c69642073696e676c65746f6e20616464726573732070726f7669646564';

const SENTINEL_OWNER = '0x0000000000000000000000000000000000000001';

/**
 * Calldata of `Safe.setup`: owners, threshold and the canonical fallback handler; no module, no delegate call, no
 * payment. It is part of the address.
 *
 * @throws CodecError for what `setup` itself would revert on: no owner, a duplicate, the zero or sentinel address, a
 *   threshold out of range
 */
export function encodeSafeSetup({ owners, threshold }: Omit<SafeSetup, 'saltNonce'>): Hex {
  const seen = new Set<string>();
  for (const [index, owner] of owners.entries()) {
    const key = owner.toLowerCase();
    if (key === zeroAddress || key === SENTINEL_OWNER)
      throw new CodecError(`owners[${index}]`, `${owner} cannot own a Safe.`);
    if (seen.has(key)) throw new CodecError(`owners[${index}]`, `${owner} appears twice.`);
    seen.add(key);
  }
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > owners.length) {
    throw new CodecError('threshold', `expected 1 to ${owners.length}, found ${threshold}.`);
  }
  return encodeFunctionData({
    abi: safeAbi,
    functionName: 'setup',
    args: [
      [...owners],
      BigInt(threshold),
      zeroAddress,
      '0x',
      SAFE_DEPLOYMENT.fallbackHandler.address,
      zeroAddress,
      0n,
      zeroAddress,
    ],
  });
}

/** Where `createProxyWithNonce` of the canonical factory puts this Safe (SafeL2 1.4.1). Checksummed. @throws CodecError */
export function safeAddress(setup: SafeSetup): Address {
  const initializerHash = keccak256(encodeSafeSetup(setup));
  return getCreate2Address({
    from: SAFE_DEPLOYMENT.proxyFactory.address,
    salt: keccak256(encodePacked(['bytes32', 'uint256'], [initializerHash, setup.saltNonce])),
    bytecode: concatHex([SAFE_PROXY_CREATION_CODE, pad(SAFE_DEPLOYMENT.singletonL2.address, { size: 32 })]),
  });
}

/** The call that creates this Safe; anybody may send it. @throws CodecError */
export function encodeCreateProxy(setup: SafeSetup): { to: Address; data: Hex } {
  return {
    to: SAFE_DEPLOYMENT.proxyFactory.address,
    data: encodeFunctionData({
      abi: safeProxyFactoryAbi,
      functionName: 'createProxyWithNonce',
      args: [SAFE_DEPLOYMENT.singletonL2.address, encodeSafeSetup(setup), setup.saltNonce],
    }),
  };
}
