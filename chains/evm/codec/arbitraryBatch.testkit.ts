import fc from 'fast-check';
import type { Address, Hex } from 'viem';
import { bytesToHex, getAddress } from 'viem';
import {
  payoutVaultFactoryAddress,
  payoutVaultImplementationAddress,
} from '../../../contracts/abi/addresses.ts';
import type { IntentPins } from './intent.ts';
import type { Manifest } from './manifest.ts';
import { type ManifestTerms, manifestFromRows } from './manifestFromRows.ts';
import type { PayoutRow } from './payoutRow.ts';

// What the codec's tests draw their examples from. Test code only.

export const arbitraryBytes32: fc.Arbitrary<Hex> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => bytesToHex(bytes));

/** Lower case and never zero. */
export const arbitraryAddress: fc.Arbitrary<Address> = fc
  .bigInt({ min: 1n, max: 2n ** 160n - 1n })
  .map((value): Address => `0x${value.toString(16).padStart(40, '0')}`);

export const arbitraryUnits: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 96n - 1n }),
  fc.constantFrom(1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 96n - 1n),
);

export const arbitraryRow: fc.Arbitrary<PayoutRow> = fc.record({
  recipient: arbitraryAddress,
  units: arbitraryUnits,
});

export const arbitraryRows = (maxLength: number): fc.Arbitrary<PayoutRow[]> =>
  fc.array(arbitraryRow, { minLength: 1, maxLength });

export const testPins: IntentPins = {
  factory: payoutVaultFactoryAddress,
  implementation: payoutVaultImplementationAddress,
  token: { address: '0x2800d869CED2aAa5837a1989FCB9C125EB2F250d', symbol: 'USDC', decimals: 6 },
};

/** Terms under which few rows make several chunks: two fit into one. */
export const testTerms: ManifestTerms = {
  chainId: 31337,
  factory: testPins.factory,
  implementation: testPins.implementation,
  payer: getAddress('0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe'),
  batchId: `0x${'00'.repeat(16)}0190a0b0c0d07000800000000000abcd`,
  token: testPins.token.address,
  tokenDecimals: testPins.token.decimals,
  tokenSymbol: testPins.token.symbol,
  gasPerPayout: 8_000_000,
  openBy: 1_800_000_000n,
  closeAfter: 1_800_604_800n,
};

export const arbitraryManifest: fc.Arbitrary<Manifest> = arbitraryRows(14).map((rows) =>
  manifestFromRows(testTerms, rows),
);
