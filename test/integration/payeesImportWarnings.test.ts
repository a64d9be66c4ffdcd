import { getAddress } from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { required } from '../../core/errors.ts';
import { newKey } from '../kit/api.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import {
  addPayee,
  BATCH,
  type Batch,
  foundOrganization,
  importRows,
  openWorld,
  payoutsOf,
  payRows,
  type Row,
  type World,
} from './payeesSeed.ts';

// What approvers are warned of when a file meets the address book.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.api.close());
beforeEach(async () => {
  Object.assign(world, await foundOrganization(world.seed));
});

describe('an address book that somebody changed', () => {
  const fakeOf = (real: string) =>
    getAddress(`${real.slice(0, 8)}${randomAddress().slice(8, 34)}${real.slice(34)}`.toLowerCase());
  const change = async (payeeId: string, address: string) => {
    const { payeeUpdate } = await world.petra.client.request<{ payeeUpdate: { warnings: object[] } }>(
      `mutation ($input: PayeeUpdateInput!) { payeeUpdate(input: $input) {
        warnings { code message path } userErrors { code } } }`,
      {
        input: {
          payeeId: nodeId('Payee', payeeId),
          destinations: [{ assetId: nodeId('Asset', world.seed.usdcUuid), address, share: '1' }],
        },
      },
    );
    return payeeUpdate;
  };
  const POISONED = { code: 'POSSIBLE_ADDRESS_POISONING', path: ['input', 'destinations', '0', 'address'] };

  test('silences nothing: who is new, like a paid address, and not where the payee was paid', async () => {
    const bob = randomAddress();
    const fake = fakeOf(bob);
    const payeeId = await addPayee(world, 'BOB', { address: bob });
    await payRows(world, [[bob, '1']]);
    expect(await change(payeeId, fake)).toMatchObject({ userErrors: [], warnings: [POISONED] });
    for (const row of [
      [fake, '5'],
      ['', '5', 'BOB'],
    ] as Row[]) {
      const done = await importRows(world, [row]);
      expect(done.issues.map(({ code }) => code).toSorted()).toEqual([
        'PAYEE_ADDRESS_CHANGED',
        'POSSIBLE_ADDRESS_POISONING',
      ]);
      expect(done.preview.newRecipientCount).toBe(1);
      expect(payoutsOf(done.payoutBatches[0])).toMatchObject([
        { recipient: fake, isNewRecipient: true, payee: { reference: 'BOB' } },
      ]);
      expect(done.payoutBatch?.warnings).toHaveLength(2);
    }
    // Where Bob was paid, nothing is odd, even before he is put right.
    expect((await importRows(world, [[bob, '5']])).issues).toEqual([]);
    expect(await change(payeeId, bob)).toMatchObject({ warnings: [] });
  });

  test('is told of it when a payee is made or moved, also where nobody was paid yet', async () => {
    const ada = randomAddress();
    const payeeId = await addPayee(world, 'ADA', { address: ada });
    expect(await change(payeeId, fakeOf(ada))).toMatchObject({ warnings: [POISONED] });
    expect(await change(payeeId, randomAddress())).toMatchObject({ warnings: [] });
    const owner = fakeOf(world.petra.wallet.address);
    const { payeeCreate } = await world.petra.client.request<{ payeeCreate: object }>(
      `mutation ($input: PayeeCreateInput!) { payeeCreate(input: $input) {
        payee { reference } warnings { code message path } } }`,
      {
        input: {
          ...{ organizationId: world.acme.id, name: 'Eve', reference: 'EVE', idempotencyKey: newKey() },
          destinations: [
            { assetId: nodeId('Asset', world.seed.usdcUuid), address: randomAddress(), share: '0.5' },
            { assetId: nodeId('Asset', world.seed.usdcUuid), address: owner, share: '0.5' },
          ],
        },
      },
    );
    expect(payeeCreate).toMatchObject({
      payee: { reference: 'EVE' },
      warnings: [{ code: 'POSSIBLE_ADDRESS_POISONING', path: ['input', 'destinations', '1', 'address'] }],
    });
  });
});

describe('warnings', () => {
  test('a payee’s reference with another address; one address of two payees', async () => {
    const [shared, other] = [randomAddress(), randomAddress()];
    await addPayee(world, 'EMP-1', { address: shared });
    await addPayee(world, 'EMP-2', { address: shared });
    const done = await importRows(world, [
      [shared, '1'],
      [other, '2', 'EMP-1'],
      [shared, '3', 'EMP-2'],
    ]);
    expect(done.issues).toMatchObject([
      { row: 2, column: 'recipient', code: 'PAYEE_AMBIGUOUS', severity: 'WARNING' },
      { row: 3, column: 'recipient', code: 'PAYEE_ADDRESS_DIFFERS', severity: 'WARNING' },
    ]);
    expect(payoutsOf(done.payoutBatches[0])).toMatchObject([
      { payee: null, isNewRecipient: true },
      { payee: null, isNewRecipient: true },
      { payee: { reference: 'EMP-2' }, isNewRecipient: true },
    ]);
  });

  test('stay with the batch for its approvers, who see which payouts they are about', async () => {
    const address = randomAddress();
    await importRows(world, [[address, '1', 'INV-1']], { title: 'Earlier' });
    const { payoutBatch } = await importRows(world, [
      [randomAddress(), '7'],
      [address, '1', 'INV-1'],
      [address, '1', 'INV-2'],
    ]);
    const { payoutBatch: seen } = await required(world.acme.people.vera, 'vera').client.request<{
      payoutBatch: Batch;
    }>(`query ($id: ID!) { payoutBatch(id: $id) { ${BATCH} } }`, { id: payoutBatch?.id });
    expect(seen).toMatchObject({
      warningCount: 2,
      warnings: [
        { index: 1, code: 'REFERENCE_PAID_BEFORE', payout: { index: 1, reference: 'INV-1' } },
        { index: 2, code: 'PAYOUT_DUPLICATE', payout: { index: 2, reference: 'INV-2' } },
      ],
    });
  });

  test('of an address that is made to look like a payee’s stay too, however the batch is made', async () => {
    const real = randomAddress();
    const fake = `${real.slice(0, 8)}${randomAddress().slice(8, 34)}${real.slice(34)}`.toLowerCase();
    await addPayee(world, 'EMP-1', { address: real });
    await payRows(world, [[real, '1']]);
    const { payoutBatch } = await importRows(world, [
      [real, '1'],
      [fake, '2', 'INV-1'],
    ]);
    const { payoutBatchCreate } = await world.petra.client.request<{
      payoutBatchCreate: { payoutBatch: { id: string } };
    }>(
      `mutation ($input: PayoutBatchCreateInput!) { payoutBatchCreate(input: $input) { payoutBatch { id } } }`,
      {
        input: {
          accountId: world.treasury.id,
          assetId: nodeId('Asset', world.seed.usdcUuid),
          title: 'By hand',
          payouts: [
            { recipient: real, amount: '1' },
            { recipient: fake, amount: '2' },
          ],
          idempotencyKey: newKey(),
        },
      },
    );
    for (const id of [payoutBatch?.id, payoutBatchCreate.payoutBatch.id]) {
      const { payoutBatch: seen } = await world.petra.client.request<{ payoutBatch: Batch }>(
        'query ($id: ID!) { payoutBatch(id: $id) { warningCount warnings { index code } } }',
        { id },
      );
      expect(seen.warnings).toEqual([{ index: 1, code: 'POSSIBLE_ADDRESS_POISONING' }]);
    }
  });

  test('of more than are kept, the first are; all are counted', async () => {
    const address = randomAddress();
    const { payoutBatch } = await importRows(
      world,
      Array.from({ length: 1_103 }, (): Row => [address, '1']),
    );
    type Listed = Record<'few' | 'usual', { index: number }[]>;
    const { payoutBatch: seen } = await world.petra.client.request<{ payoutBatch: Batch & Listed }>(
      `query ($id: ID!) { payoutBatch(id: $id) {
        warningCount warnings(first: 1000) { index code } few: warnings(first: 2) { index } usual: warnings { index } } }`,
      { id: payoutBatch?.id },
    );
    expect(seen.warningCount).toBe(1_102);
    const first = (length: number) => Array.from({ length }, (_, index) => index + 1);
    expect(seen.warnings.map(({ index }) => index)).toEqual(first(1_000));
    expect(seen.few.map(({ index }) => index)).toEqual(first(2));
    expect(seen.usual).toHaveLength(100);
    for (const [count, code] of [
      [-1, 'BAD_USER_INPUT'],
      [1_001, 'LIMIT_EXCEEDED'],
    ]) {
      const document = `query ($id: ID!) { payoutBatch(id: $id) { warnings(first: ${count}) { index } } }`;
      expect(await world.petra.client.errorCode(document, { id: payoutBatch?.id })).toBe(code);
    }
  });
});
