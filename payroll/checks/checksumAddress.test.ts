import fc from 'fast-check';
import { getAddress } from 'viem';
import { expect, test } from 'vitest';
import { checksumAddress } from './checksumAddress.ts';

// The examples of EIP-55 itself.
test.each([
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
])('%s', (address) => {
  expect(checksumAddress(address.slice(2).toLowerCase())).toBe(address);
});

test('agrees with viem', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
      const digits = Buffer.from(bytes).toString('hex');
      expect(checksumAddress(digits)).toBe(getAddress(`0x${digits}`));
    }),
    { numRuns: 500 },
  );
});
