import { getAddress } from 'viem';
import { expect, test } from 'vitest';
import { readOwnRows } from './readOwnRows.ts';

const ALICE = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const asset = {
  symbol: 'USDC',
  decimals: 6,
  token: getAddress(`0x${'11'.repeat(20)}`),
  payer: getAddress(`0x${'22'.repeat(20)}`),
  factory: getAddress(`0x${'33'.repeat(20)}`),
  implementation: getAddress(`0x${'44'.repeat(20)}`),
};

function read(...rows: string[]) {
  const text = ['recipient,amount (USDC),reference', ...rows].join('\n');
  return readOwnRows(new TextEncoder().encode(text), asset);
}

test('rows come as they stand in the file', async () => {
  expect(await read(`${ALICE.toLowerCase()},1.5,A`, '', `${ALICE},2,B`)).toEqual([
    { row: 2, recipient: ALICE, units: 1_500_000n },
    { row: 4, recipient: ALICE, units: 2_000_000n },
  ]);
});

test('a row that leaves its address to the server is not signed', async () => {
  await expect(read(`${ALICE},1.5,A`, ',2,EMP-7')).rejects.toThrow(
    /^Row 3 of your file names a payee without an address.*Nothing is signed\.$/,
  );
});

test('a row at fault is not signed', async () => {
  await expect(read(',2,')).rejects.toThrow('rows at fault');
  await expect(read(`${ALICE},0,A`)).rejects.toThrow('rows at fault');
});
