import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeNodeId } from '../../core/ids.ts';
import { randomAddress } from '../kit/seed.ts';
import { addPayee, foundOrganization, importRows, openWorld, type Row, type World } from './payeesSeed.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.api.close());

/** Begins and ends with the same digits, in lower case. */
function imitate(address: string, digits: number): string {
  const middle = randomBytes(20)
    .toString('hex')
    .slice(digits, 40 - digits);
  return `${address.slice(0, 2 + digits)}${middle}${address.slice(-digits)}`.toLowerCase();
}

/** Rows that are warned of, with what the warning says. */
async function warned(rows: readonly Row[], of = world) {
  const { issues, errorCount, payoutBatch } = await importRows(of, rows);
  expect(errorCount).toBe(0);
  const poisoned = issues.filter(({ code }) => code === 'POSSIBLE_ADDRESS_POISONING');
  // Approvers are told the same of the batch.
  expect(payoutBatch?.warnings.filter(({ code }) => code === 'POSSIBLE_ADDRESS_POISONING')).toHaveLength(
    poisoned.length,
  );
  for (const { severity, column } of poisoned) expect([severity, column]).toEqual(['WARNING', 'recipient']);
  return poisoned.map(({ row, message }) => [row, message] as const);
}

it('a look-alike of a payee is a warning that names the payee; so is the payee until paid', async () => {
  const address = randomAddress();
  await addPayee(world, 'ADA', { address });
  expect(
    await warned([
      [address, '1'],
      [imitate(address, 4), '2'],
      [randomAddress(), '3'],
    ]),
  ).toEqual([
    [2, expect.stringContaining('that of row 3')],
    [3, expect.stringContaining(`that of Payee ADA, ${address}`)],
  ]);
});

it('a look-alike of an archived payee’s address, or of another organization’s payee, is nothing', async () => {
  const [mine, theirs] = [randomAddress(), randomAddress()];
  const payeeId = await addPayee(world, 'GONE', { address: mine });
  await world.api.database
    .updateTable('payee')
    .set({ archivedAt: new Date() })
    .where('id', '=', payeeId)
    .execute();
  await addPayee({ ...world, ...(await foundOrganization(world.seed)) }, 'RIVAL', { address: theirs });
  expect(
    await warned([
      [imitate(mine, 5), '1'],
      [imitate(theirs, 5), '2'],
    ]),
  ).toEqual([]);
});

it('a look-alike of who was paid is one; of who is in a draft alone is not', async () => {
  const [paid, drafted] = [randomAddress(), randomAddress()];
  const done = await importRows(world, [[paid, '1']]);
  await importRows(world, [[drafted, '1']]);
  await world.api.database
    .updateTable('payoutBatch')
    .set({ status: 'COMPLETED', finalCount: 1, pendingCount: 0, submittedAt: new Date() })
    .where('id', '=', decodeNodeId(done.payoutBatches[0]?.id ?? '').uuid)
    .execute();
  expect(
    await warned([
      [imitate(paid, 4), '1'],
      [imitate(drafted, 4), '2'],
    ]),
  ).toEqual([[2, expect.stringContaining(`one that was paid before, ${paid}`)]]);
});

it('an owner’s and an account’s look-alike is one', async () => {
  const { petra, treasury } = world;
  expect(
    await warned([
      [imitate(petra.wallet.address, 3), '1'],
      [imitate(treasury.address, 3), '2'],
    ]),
  ).toEqual([
    [2, expect.stringContaining('that of an approver')],
    [3, expect.stringContaining('that of the account Treasury')],
  ]);
});

it('who sent a trifle lately is one, and what is like it; who sent a whole unit is not', async () => {
  const other = { ...world, ...(await foundOrganization(world.seed)) };
  const senders = [];
  for (const units of [999_999n, 1_000_000n, 5n]) {
    const id = await other.treasury.receive(units);
    const { counterparty } = await world.api.database
      .selectFrom('transfer')
      .select('counterparty')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    senders.push(counterparty);
  }
  const [dust = '', customer = '', payee = ''] = senders;
  await addPayee(other, 'SMALL', { address: payee });
  expect(
    await warned(
      [
        [dust, '1'],
        [imitate(dust, 4), '2'],
        [customer, '3'],
        [payee, '4'],
      ],
      other,
    ),
  ).toEqual([
    [2, expect.stringContaining('sent a trifle')],
    [3, expect.stringContaining('begins and ends like one that sent a trifle')],
    [5, expect.stringContaining('sent a trifle')],
  ]);
});

it('two new rows of one file that are like each other are both warned of', async () => {
  const one = randomAddress();
  expect(
    await warned([
      [one, '1'],
      [randomAddress(), '2'],
      [imitate(one, 4), '3'],
    ]),
  ).toEqual([
    [2, expect.stringContaining('that of row 4')],
    [4, expect.stringContaining('that of row 2')],
  ]);
});
