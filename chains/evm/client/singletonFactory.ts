import { type Address, concat, getContractAddress, type Hex, zeroHash } from 'viem';
import { singletonFactoryAddress } from '../../../contracts/abi/addresses.ts';

/**
 * Where the singleton factory puts a contract: the same on every chain, since it follows from the creation code alone
 * (CREATE2 of EIP-1014, salt 0).
 */
export function singletonFactoryAddressOf(creationCode: Hex): Address {
  return getContractAddress({
    opcode: 'CREATE2',
    from: singletonFactoryAddress,
    salt: zeroHash,
    bytecode: creationCode,
  });
}

/** The call that makes the singleton factory deploy a contract: 32 bytes of salt, zero here, and its creation code. */
export function singletonFactoryCall(creationCode: Hex): { to: Address; data: Hex } {
  return { to: singletonFactoryAddress, data: concat([zeroHash, creationCode]) };
}
