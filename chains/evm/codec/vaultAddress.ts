import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodePacked,
  getContractAddress,
  getCreate2Address,
  type Hex,
  keccak256,
  numberToHex,
} from 'viem';

/** What a vault's address follows from. `implementation` is what the factory clones. */
export type VaultAddressParameters = {
  readonly payer: Address;
  readonly batchId: Hex;
  readonly factory: Address;
  readonly implementation: Address;
};

const CLONE_BYTES = 0x2d;
const PAYER_BATCH = [{ type: 'address' }, { type: 'bytes32' }] as const;

/**
 * The address of the one vault of (payer, batchId), before and after it is opened: OpenZeppelin 5.7
 * `Clones.predictDeterministicAddressWithImmutableArgs` with args = abi.encodePacked(payer, batchId) and
 * salt = keccak(abi.encode(payer, batchId)), deployed by the factory. Checksummed.
 */
export function vaultAddress({ payer, batchId, factory, implementation }: VaultAddressParameters): Address {
  const args = encodePacked(['address', 'bytes32'], [payer, batchId]);
  const size = numberToHex(CLONE_BYTES + (args.length - 2) / 2, { size: 2 });
  const bytecode = concatHex([
    '0x61',
    size,
    '0x3d81600a3d39f3363d3d373d3d3d363d73',
    implementation,
    '0x5af43d82803e903d91602b57fd5bf3',
    args,
  ]);
  return getCreate2Address({
    from: factory,
    salt: keccak256(encodeAbiParameters(PAYER_BATCH, [payer, batchId])),
    bytecode,
  });
}

/** The vault implementation of a factory: the first contract that its constructor creates (CREATE, nonce 1; EIP-161). */
export function vaultImplementationAddress(factory: Address): Address {
  return getContractAddress({ from: factory, nonce: 1n });
}
