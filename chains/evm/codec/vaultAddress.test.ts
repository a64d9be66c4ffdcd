import { expect, test } from 'vitest';
import {
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
} from '../../../contracts/abi/addresses.ts';
import { batchIdFromUuid } from './batchIdFromUuid.ts';
import { vaultAddress, vaultImplementationAddress } from './vaultAddress.ts';

const known = {
  payer: '0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe',
  batchId: batchIdFromUuid('0190a0b0-c0d0-7000-8000-00000000abcd'),
  factory: payoutVaultFactoryAddress,
  implementation: payoutVaultImplementationAddress,
} as const;

test('the vault follows from payer, batch, factory and implementation, whatever their case', () => {
  const vault = vaultAddress(known);
  expect(vaultAddress({ ...known, factory: known.factory.toLowerCase() as `0x${string}` })).toBe(vault);
  expect(vaultAddress({ ...known, payer: '0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5aff' })).not.toBe(vault);
  expect(vaultAddress({ ...known, batchId: `0x${'11'.repeat(32)}` })).not.toBe(vault);
  expect(vaultAddress({ ...known, factory: known.payer })).not.toBe(vault);
  expect(vaultAddress({ ...known, implementation: known.payer })).not.toBe(vault);
});

test('the implementation is the first contract that the factory creates', () => {
  expect(vaultImplementationAddress(payoutVaultFactoryAddress)).toBe(payoutVaultImplementationAddress);
});

test('a batch id is its UUID in the low 16 bytes', () => {
  expect(known.batchId).toBe(`0x${'00'.repeat(16)}0190a0b0c0d07000800000000000abcd`);
  expect(batchIdFromUuid('0190A0B0-C0D0-7000-8000-00000000ABCD')).toBe(known.batchId);
  for (const text of ['', '0190a0b0c0d07000800000000000abcd', 'g190a0b0-c0d0-7000-8000-00000000abcd']) {
    expect(() => batchIdFromUuid(text)).toThrow('UUID');
  }
});
