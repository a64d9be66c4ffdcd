import { expect, test } from 'vitest';
import { readOwnFile } from './readOwnFile.ts';
import { servedOpening } from './servedRequest.testkit.ts';

const served = servedOpening();
const read = (lines: readonly string[]) =>
  readOwnFile(new Blob([['recipient,amount,reference', ...lines].join('\n')]), null, served);
const alice = '0x78D403FD063B5821b5099ac382772A7158128b9D';

test('rows with an address are payouts, as the file counts them', async () => {
  expect(await read([`${alice},68.41,A-1`, '', `${alice.toLowerCase()},1.5,A-2`])).toMatchObject({
    kind: 'READ',
    units: 69_910_000n,
    rows: {
      rows: [
        { row: 2, recipient: alice, units: 68_410_000n },
        { row: 4, recipient: alice, units: 1_500_000n },
      ],
      withoutAddress: [],
    },
  });
});

test('rows that name their payee by a reference alone are told apart', async () => {
  expect(await read([`${alice},68.41,A-1`, ',2,acme'])).toMatchObject({
    rows: { rows: [{ row: 2 }], withoutAddress: [{ row: 3, units: 2_000_000n }] },
  });
});

test('a file with faults is not compared, and its faults are named', async () => {
  const faulty = await read([`${alice},-1,A-1`, `${alice},1,A-2`, '0x12,3,A-3']);
  expect(faulty).toMatchObject({
    kind: 'FAULTY',
    errorCount: 2,
    issues: [
      { row: 2, code: 'AMOUNT_NEGATIVE' },
      { row: 4, code: 'ADDRESS_MALFORMED' },
    ],
  });
});

test('of a token that is not known here nothing is read: its decimals would be the server’s word', async () => {
  const unknown = { ...served, asset: { ...served.asset, address: alice } };
  expect(await readOwnFile(new Blob(['recipient,amount']), null, unknown)).toBeNull();
});
