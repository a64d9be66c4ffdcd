import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { payeeArchive } from '../../resolvers/payee/payeeArchive.ts';
import { payeeUpdate } from '../../resolvers/payee/payeeUpdate.ts';
import { newKey } from '../kit/api.ts';
import { nodeId, randomAddress } from '../kit/seed.ts';
import {
  addPayee,
  BATCH,
  type Batch,
  countRows,
  foundOrganization,
  importRows,
  openWorld,
  payoutsOf,
  type Row,
  split,
  type World,
} from './payeesSeed.ts';

// How one line becomes several payouts, of several batches, and what keeps it from it.

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.api.close());
beforeEach(async () => {
  Object.assign(world, await foundOrganization(world.seed));
});

describe('a line that names a payee alone', () => {
  test('is split over the payee’s addresses, what cannot be divided to the first', async () => {
    const addresses = [randomAddress(), randomAddress(), randomAddress()];
    const shares = ['0.333334', '0.333333', '0.333333'];
    await addPayee(
      world,
      'EMP-1',
      ...addresses.map((address, index) => ({ address, share: shares[index] ?? '' })),
    );
    const done = await importRows(world, [
      ['', '100.000001', 'EMP-1'],
      [randomAddress(), '1', 'INV-1'],
    ]);
    expect(done.errorCount).toBe(0);
    const payouts = payoutsOf(done.payoutBatches[0]);
    expect(payouts.map(({ recipient, amount, reference }) => [recipient, amount.amount, reference])).toEqual([
      [addresses[0], '33.333401', 'EMP-1'],
      [addresses[1], '33.333300', 'EMP-1'],
      [addresses[2], '33.333300', 'EMP-1'],
      [payouts[3]?.recipient, '1.000000', 'INV-1'],
    ]);
    expect(done.preview).toMatchObject({ acceptedCount: 2, total: { amount: '101.000001' }, payeeCount: 1 });
    expect(done.preview.rows.map(({ row }) => row)).toEqual([2, 2, 2, 3]);
  });

  test('goes to other assets in further batches, made together and replayed together', async () => {
    const [euros, dollars] = [await world.acme.account('Euros'), await world.acme.account('Dollars')];
    await addPayee(
      world,
      'EMP-1',
      { share: '0.5' },
      { share: '0.3', assetId: world.euroId },
      { share: '0.2', assetId: world.dollarId },
    );
    await addPayee(world, 'EMP-2', { assetId: world.euroId });
    const rows: Row[] = [
      ['', '10.000001', 'EMP-1'],
      ['', '7', 'EMP-2'],
      [randomAddress(), '1', 'INV-1'],
    ];
    const input = {
      idempotencyKey: newKey(),
      splitAccounts: [split(euros, world.euroId), split(dollars, world.dollarId)],
    };
    const before = await countRows(world);
    const dry = await importRows(world, rows, { ...input, dryRun: true });
    expect(dry.preview.parts).toEqual([
      {
        account: { id: world.treasury.id },
        asset: { symbol: 'USDC' },
        payoutCount: 2,
        total: { amount: '6.000001' },
      },
      {
        account: { id: euros.id },
        asset: { symbol: 'EURC' },
        payoutCount: 2,
        total: { amount: '10.000000' },
      },
      {
        account: { id: dollars.id },
        asset: { symbol: 'USDS' },
        payoutCount: 1,
        total: { amount: '2.000000000000000000' },
      },
    ]);
    expect(dry).toMatchObject({
      payoutBatch: null,
      payoutBatches: [],
      preview: { total: { amount: '18.000001' } },
    });
    expect(await countRows(world)).toEqual(before);

    const done = await importRows(world, rows, input);
    expect(done.preview).toEqual(dry.preview);
    expect(done.payoutBatch?.id).toBe(done.payoutBatches[0]?.id);
    expect(
      done.payoutBatches.map(({ account, asset, payoutCount, total }) => ({
        account,
        asset,
        payoutCount,
        total,
      })),
    ).toEqual(done.preview.parts);
    expect(payoutsOf(done.payoutBatches[1]).map(({ reference }) => reference)).toEqual(['EMP-1', 'EMP-2']);
    const after = await countRows(world);
    expect(after).toEqual([(before[0] ?? 0) + 3, (before[1] ?? 0) + 5, (before[2] ?? 0) + 3]);

    const again = await importRows(world, rows, input);
    expect(again).toEqual({ ...done, replayed: true, eventCursor: null });
    expect(await countRows(world)).toEqual(after);
    const other = { ...input, splitAccounts: input.splitAccounts.toReversed() };
    expect((await importRows(world, rows, other)).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
  });

  test('at once with one key makes its batches once', async () => {
    const euros = await world.acme.account('Euros');
    await addPayee(world, 'EMP-1', { share: '0.5' }, { share: '0.5', assetId: world.euroId });
    const input = { idempotencyKey: newKey(), splitAccounts: [split(euros, world.euroId)] };
    const answers = await Promise.all(
      [0, 1, 2, 3].map(() => importRows(world, [['', '10', 'EMP-1']], input)),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const made = new Set(answers.map(({ payoutBatches }) => payoutBatches.map(({ id }) => id).join()));
    expect(made.size).toBe(1);
    expect((await countRows(world)).slice(0, 2)).toEqual([2, 2]);
  });

  test('makes the split account’s batch the first where nothing is the import’s own', async () => {
    const euros = await world.acme.account('Euros');
    await addPayee(world, 'EMP-1', { assetId: world.euroId });
    const done = await importRows(world, [['', '10', 'EMP-1']], {
      splitAccounts: [split(euros, world.euroId)],
    });
    expect(done.payoutBatches).toMatchObject([{ asset: { symbol: 'EURC' }, account: { id: euros.id } }]);
    expect(done.payoutBatch?.id).toBe(done.payoutBatches[0]?.id);
  });

  test('a replay answers with what was made, whatever became of payees and accounts', async () => {
    const euros = await world.acme.account('Euros');
    const payeeId = await addPayee(world, 'EMP-1', { share: '0.5' }, { share: '0.5', assetId: world.euroId });
    const rows: Row[] = [['', '10', 'EMP-1']];
    const input = { idempotencyKey: newKey(), splitAccounts: [split(euros, world.euroId)] };
    const done = await importRows(world, rows, input);
    await payeeArchive(world.petra.context, { payeeId });
    await world.api.database
      .updateTable('account')
      .set({ status: 'CLOSED' })
      .where('id', '=', euros.uuid)
      .execute();
    const again = await importRows(world, rows, input);
    expect(again).toMatchObject({ replayed: true, errorCount: 0, issues: [], userErrors: [] });
    expect(again.payoutBatches).toEqual(done.payoutBatches);
  });

  test('what was written stays as it was when the payee moves', async () => {
    const [before, after] = [randomAddress(), randomAddress()];
    const payeeId = await addPayee(world, 'EMP-1', { address: before });
    const { payoutBatch } = await importRows(world, [['', '10', 'EMP-1']]);
    const destinations = [{ assetId: world.seed.usdcUuid, address: after, share: '1' }];
    await payeeUpdate(world.petra.context, { payeeId, name: null, reference: null, destinations });
    const { payoutBatch: kept } = await world.petra.client.request<{ payoutBatch: Batch }>(
      `query ($id: ID!) { payoutBatch(id: $id) { ${BATCH} } }`,
      { id: payoutBatch?.id },
    );
    expect(payoutsOf(kept)).toMatchObject([{ recipient: before, payee: { reference: 'EMP-1' } }]);
    const next = await importRows(world, [['', '10', 'EMP-1']], { title: 'December' });
    expect(payoutsOf(next.payoutBatches[0])).toMatchObject([{ recipient: after }]);
  });
});

describe('what keeps a file from being written', () => {
  const refused = async (rows: Row[], change: object = {}) => {
    const before = await countRows(world);
    const done = await importRows(world, rows, change);
    expect(done.payoutBatches).toEqual([]);
    expect(await countRows(world)).toEqual(before);
    return done;
  };

  test('a reference that is no payee’s, and none at all', async () => {
    const archived = await addPayee(world, 'EMP-9', {});
    await payeeArchive(world.petra.context, { payeeId: archived });
    const done = await refused([
      ['', '1', 'EMP-8'],
      ['', '2', 'EMP-9'],
      ['', '3'],
      [randomAddress(), '4'],
    ]);
    expect(done.issues.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, 'reference', 'PAYEE_UNKNOWN'],
      [3, 'reference', 'PAYEE_UNKNOWN'],
      [4, 'recipient', 'FIELD_MISSING'],
    ]);
    expect(done.preview).toMatchObject({ acceptedCount: 1, total: { amount: '4.000000' } });
  });

  test('the same payee twice, in whatever case', async () => {
    await addPayee(world, 'EMP-1', {});
    const done = await refused([
      ['', '1', 'EMP-1'],
      ['', '2', 'emp-1'],
    ]);
    expect(done.issues).toMatchObject([
      { row: 3, column: 'reference', code: 'REFERENCE_DUPLICATE', message: expect.stringMatching(/^Row 2 /) },
    ]);
  });

  test('another organization’s payee', async () => {
    await addPayee(world, 'EMP-1', {});
    Object.assign(world, await foundOrganization(world.seed));
    expect((await refused([['', '1', 'EMP-1']])).issues).toMatchObject([{ code: 'PAYEE_UNKNOWN' }]);
  });

  test('a destination that no account pays, one of them enough', async () => {
    await addPayee(world, 'EMP-1', { share: '0.5' }, { share: '0.5', assetId: world.euroId });
    const done = await refused([
      ['', '1', 'EMP-1'],
      [randomAddress(), '2'],
    ]);
    expect(done.issues).toMatchObject([
      {
        row: 2,
        column: 'reference',
        code: 'NO_ACCOUNT_FOR_DESTINATION',
        message: expect.stringMatching(/EURC/),
      },
    ]);
    expect(done.preview.parts).toMatchObject([{ payoutCount: 1, total: { amount: '2.000000' } }]);
  });

  test('a share of nothing, and one that the asset cannot express', async () => {
    await addPayee(world, 'EMP-1', { share: '0.999999' }, { share: '0.000001' });
    const dollars = await world.acme.account('Dollars');
    await addPayee(world, 'EMP-2', { share: '0.5' }, { share: '0.5', assetId: world.dollarId });
    expect((await refused([['', '0.5', 'EMP-1']])).issues).toMatchObject([
      { row: 2, column: 'amount', code: 'SHARE_TOO_SMALL' },
    ]);
    const inDollars = {
      accountId: dollars.id,
      assetId: nodeId('Asset', world.dollarId),
      splitAccounts: [split(world.treasury, world.seed.usdcUuid)],
    };
    expect((await refused([['', '1.0000000000000001', 'EMP-2']], inDollars)).issues).toMatchObject([
      { row: 2, column: 'amount', code: 'AMOUNT_TOO_PRECISE' },
    ]);
  });

  test('a destination that is the account which is to pay it', async () => {
    const euros = await world.acme.account('Euros');
    await addPayee(world, 'EMP-1', { assetId: world.euroId, address: euros.address });
    const done = await refused([['', '1', 'EMP-1']], { splitAccounts: [split(euros, world.euroId)] });
    expect(done.issues).toMatchObject([{ row: 2, code: 'RECIPIENT_ACCOUNT' }]);
  });

  test.each<[string, (string | number)[], () => Promise<object[]>]>([
    ['SPLIT_ASSET_DUPLICATE', [0, 'assetId'], async () => [split(world.treasury, world.seed.usdcUuid)]],
    [
      'SPLIT_ASSET_DUPLICATE',
      [1, 'assetId'],
      async () => [split(world.treasury, world.euroId), split(world.treasury, world.euroId)],
    ],
    ['ASSET_NOT_FOUND', [0, 'assetId'], async () => [{ accountId: world.treasury.id, assetId: 'nonsense' }]],
    ['ASSET_NATIVE', [0, 'assetId'], async () => [split(world.treasury, world.seed.nativeUuid)]],
    [
      'NOT_FOUND',
      [0, 'accountId'],
      async () => [{ ...split(world.treasury, world.euroId), accountId: 'nonsense' }],
    ],
    [
      'NOT_FOUND',
      [0, 'accountId'],
      async () => {
        const other = await world.seed.organization('Other', { mallory: ['PROPOSER', 'APPROVER'] });
        return [split(await other.account(), world.euroId)];
      },
    ],
    [
      'TOO_MANY_SPLIT_ACCOUNTS',
      [],
      async () => Array.from({ length: 21 }, () => split(world.treasury, world.euroId)),
    ],
  ])('%s at %j', async (code, path, splitAccounts) => {
    const done = await refused([[randomAddress(), '1']], { splitAccounts: await splitAccounts() });
    expect(done.userErrors).toEqual([{ code, path: ['input', 'splitAccounts', ...path.map(String)] }]);
  });

  test('a split account that cannot pay now', async () => {
    const euros = await world.acme.account('Euros');
    await world.api.database
      .updateTable('account')
      .set({ status: 'CLOSED' })
      .where('id', '=', euros.uuid)
      .execute();
    const done = await refused([[randomAddress(), '1']], { splitAccounts: [split(euros, world.euroId)] });
    expect(done.userErrors).toEqual([
      { code: 'ACCOUNT_NOT_ACTIVE', path: ['input', 'splitAccounts', '0', 'accountId'] },
    ]);
  });
});
