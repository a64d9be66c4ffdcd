import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

// Files against the address book: who is matched, and who is new. What is warned of: payeesImportWarnings.test.ts.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.api.close());
beforeEach(async () => {
  Object.assign(world, await foundOrganization(world.seed));
});

describe('who is paid', () => {
  test('is matched by address and by reference, and is new until paid', async () => {
    const [paula, quentin, stranger] = [randomAddress(), randomAddress(), randomAddress()];
    await addPayee(world, 'EMP-1', { address: paula });
    await addPayee(world, 'EMP-2', { address: quentin });
    const done = await importRows(world, [
      [paula.toLowerCase(), '1', 'INV-1'],
      [stranger, '3', 'INV-2'],
      ['', '2.5', ' emp-2 '],
      [stranger, '4'],
    ]);
    expect(done).toMatchObject({ errorCount: 0, issues: [], userErrors: [] });
    const paid = (recipient: string, amount: string, reference: string | null, payee: string | null) => ({
      recipient,
      amount: { amount },
      reference,
      // The address book makes nobody paid.
      isNewRecipient: true,
      payee: payee === null ? null : { reference: payee },
    });
    const expected = [
      paid(paula, '1.000000', 'INV-1', 'EMP-1'),
      paid(stranger, '3.000000', 'INV-2', null),
      paid(quentin, '2.500000', 'emp-2', 'EMP-2'),
      paid(stranger, '4.000000', null, null),
    ];
    expect(payoutsOf(done.payoutBatches[0])).toEqual(expected.map((payout, index) => ({ index, ...payout })));
    expect(done.preview.rows).toEqual(expected.map((payout, index) => ({ row: index + 2, ...payout })));
    expect(done.preview).toMatchObject({
      acceptedCount: 4,
      total: { amount: '10.500000' },
      newRecipientCount: 4,
      payeeCount: 2,
    });
    expect(done.payoutBatches[0]).toMatchObject({
      newRecipientCount: 4,
      largestPayout: { index: 3, amount: { amount: '4.000000' } },
    });
  });

  test('is not new once paid by a batch that the chain opened, on that chain and by nobody else', async () => {
    const [known, refused, drafted] = [randomAddress(), randomAddress(), randomAddress()];
    const first = await importRows(world, [
      [known, '1'],
      [refused, '2'],
    ]);
    await importRows(world, [[drafted, '1']]);
    await world.api.database
      .updateTable('payoutBatch')
      .set({ status: 'EXECUTING', submittedAt: new Date(), openedAtBlock: 1n })
      .where('organizationId', '=', world.acme.uuid)
      .where('payoutCount', '=', 2)
      .execute();
    const batchId = await world.api.database
      .selectFrom('payoutBatch')
      .select('id')
      .where('organizationId', '=', world.acme.uuid)
      .where('payoutCount', '=', 2)
      .executeTakeFirstOrThrow();
    await world.api.database
      .insertInto('payoutException')
      .values({
        batchId: batchId.id,
        rowIndex: 1,
        organizationId: world.acme.uuid,
        chunkIndex: 0,
        status: 'UNDELIVERED',
        failureCode: 'RECIPIENT_REVERTED',
      })
      .execute();
    const rows: Row[] = [known, refused, drafted].map((address) => [address, '5']);
    const again = await importRows(world, rows);
    expect(payoutsOf(again.payoutBatches[0]).map(({ isNewRecipient }) => isNewRecipient)).toEqual([
      false,
      true,
      true,
    ]);
    // What was marked stays marked.
    const { payoutBatch } = await world.petra.client.request<{ payoutBatch: Batch }>(
      `query ($id: ID!) { payoutBatch(id: $id) { ${BATCH} } }`,
      { id: first.payoutBatch?.id },
    );
    expect(payoutBatch.newRecipientCount).toBe(2);
    Object.assign(world, await foundOrganization(world.seed));
    expect((await importRows(world, rows)).preview.newRecipientCount).toBe(3);
  });

  test('is marked in batches that are made one by one, too, with the same warnings', async () => {
    const paula = randomAddress();
    await addPayee(world, 'EMP-1', { address: paula });
    const { payoutBatchCreate } = await world.petra.client.request<{
      payoutBatchCreate: { payoutBatch: Batch; warnings: { code: string; path: string[] }[] };
    }>(
      `mutation ($input: PayoutBatchCreateInput!) { payoutBatchCreate(input: $input) {
        payoutBatch { ${BATCH} } warnings { code path } } }`,
      {
        input: {
          accountId: world.treasury.id,
          assetId: nodeId('Asset', world.seed.usdcUuid),
          title: 'By hand',
          payouts: [
            { recipient: paula, amount: '1' },
            { recipient: randomAddress(), amount: '2', reference: 'EMP-1' },
          ],
          idempotencyKey: newKey(),
        },
      },
    );
    const { payoutBatch, warnings } = payoutBatchCreate;
    expect(payoutsOf(payoutBatch)).toMatchObject([
      { isNewRecipient: true, payee: { reference: 'EMP-1' } },
      { isNewRecipient: true, payee: null },
    ]);
    expect(warnings).toEqual([
      { code: 'PAYEE_ADDRESS_DIFFERS', path: ['input', 'payouts', '1', 'recipient'] },
    ]);
    expect(payoutBatch).toMatchObject({
      warningCount: 1,
      warnings: [{ index: 1, code: 'PAYEE_ADDRESS_DIFFERS', payout: { index: 1, reference: 'EMP-1' } }],
    });
  });

  test('can be asked for: only the new ones, only the others, together with a status', async () => {
    const paula = randomAddress();
    await addPayee(world, 'EMP-1', { address: paula });
    await payRows(world, [[paula, '1']]);
    const rows: Row[] = [0, 1, 2, 3, 4].map((index) => [
      index % 2 === 0 ? paula : randomAddress(),
      `${index + 1}`,
    ]);
    const { payoutBatch } = await importRows(world, rows);
    const indexes = async (filter: string) => {
      const answer = await world.petra.client.request<{ payoutBatch: Batch }>(
        `query ($id: ID!) { payoutBatch(id: $id) { payouts(${filter}) { edges { node { index } } } } }`,
        { id: payoutBatch?.id },
      );
      return payoutsOf(answer.payoutBatch).map(({ index }) => index);
    };
    expect(await indexes('newRecipient: true')).toEqual([1, 3]);
    expect(await indexes('newRecipient: false')).toEqual([0, 2, 4]);
    expect(await indexes('newRecipient: true, first: 1')).toEqual([1]);
    expect(await indexes('newRecipient: true, status: [PENDING], fromIndex: 2')).toEqual([3]);
    expect(await indexes('newRecipient: true, status: [FINAL]')).toEqual([]);
  });
});
