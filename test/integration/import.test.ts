import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { chunkLeaf } from '../../chains/evm/codec/chunkLeaf.ts';
import { chunkRows } from '../../chains/evm/codec/chunkRows.ts';
import { chunkTree } from '../../chains/evm/codec/chunkTree.ts';
import { packRows } from '../../chains/evm/codec/packRows.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import type { Role } from '../../core/permissions.ts';
import { decodeEventCursor } from '../../events/eventCursor.ts';
import { readEvents } from '../../events/readEvents.ts';
import { faultyPayroll, payroll } from '../../examples/generate.ts';
import type { Database } from '../../prisma/database.ts';
import {
  type PayoutBatchImportInput,
  payoutBatchImport,
} from '../../resolvers/payoutBatch/payoutBatchImport.ts';
import type { RequestContext } from '../../resolvers/requestContext.ts';
import { createTestDatabase, type TestDatabase } from '../kit/postgres.ts';
import { countWritten, openLog, type Payer, seedContext, seedPayer } from './importSeed.ts';

let testDatabase: TestDatabase;
let database: Database;
let log: ReturnType<typeof openLog>;
let payer: Payer;
let proposer: RequestContext;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = testDatabase.database;
  log = openLog(database, testDatabase.appUrl);
});
afterAll(async () => {
  await log.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  payer = await seedPayer(database);
  proposer = await seedContext(log, payer.organizationId, ['PROPOSER']);
});

const NOTHING = { batches: 0, payouts: 0, chunks: 0, events: 0, keys: 0 };

function request(text: string, change: Partial<PayoutBatchImportInput> = {}): PayoutBatchImportInput {
  return {
    accountId: payer.accountId,
    assetId: payer.usdcId,
    title: 'November',
    file: new Blob([text]),
    dryRun: false,
    idempotencyKey: randomUUID(),
    ...change,
  };
}

const refusedWith = (code: string) => ({ faults: [expect.objectContaining({ code })] });

describe('a file without a fault', () => {
  test('is written as it was read: rows, chunks, root, sum, event', async () => {
    const done = await payoutBatchImport(proposer, request(payroll(1_000)));
    const batchId = done.payoutBatchId as string;
    expect(done).toMatchObject({ issues: [], issueCount: 0, errorCount: 0, replayed: false });
    const batch = await database
      .selectFrom('payoutBatch')
      .selectAll()
      .where('id', '=', batchId)
      .executeTakeFirstOrThrow();
    expect(batch).toMatchObject({
      status: 'DRAFT',
      title: 'November',
      totalUnits: done.preview?.totalUnits,
      payoutCount: 1_000,
      pendingCount: 1_000,
      createdByUserId: proposer.viewer?.userId,
    });
    const payouts = await database
      .selectFrom('payout')
      .selectAll()
      .where('batchId', '=', batchId)
      .orderBy('rowIndex')
      .execute();
    const inFile = payroll(1_000).split('\n').slice(1, -1);
    expect(
      payouts.map(({ recipient, units, memo, reference }) => {
        const amount = `${units / 1_000_000n}.${(units % 1_000_000n).toString().padStart(6, '0')}`;
        const shown = amount.endsWith('0000') ? amount.slice(0, -4) : amount;
        return `${recipient},${shown},"${memo}",${reference}`;
      }),
    ).toEqual(inFile);
    expect(payouts.reduce((sum, { units }) => sum + units, 0n)).toBe(done.preview?.totalUnits);

    const chunks = await database
      .selectFrom('payoutChunk')
      .selectAll()
      .where('batchId', '=', batchId)
      .orderBy('chunkIndex')
      .execute();
    const rows = payouts.map(({ recipient, units }) => ({ recipient: recipient as `0x${string}`, units }));
    const packed = chunkRows(rows, batch.rowsPerChunk).map(packRows);
    expect(chunks.map(({ packedRows }) => packedRows)).toEqual(packed.map((bytes) => Buffer.from(bytes)));
    expect(chunks.reduce((sum, { totalUnits }) => sum + totalUnits, 0n)).toBe(batch.totalUnits);
    const domain = {
      chainId: payer.eip155ChainId,
      factory: payer.factory,
      payer: payer.accountAddress,
      batchId: batchIdFromUuid(batchId),
      token: payer.token,
    };
    expect(batch.merkleRoot).toBe(
      chunkTree(packed.map((bytes, index) => chunkLeaf(domain, index, bytes))).root,
    );
    expect(batch.vaultAddress).toBe(vaultAddress({ ...domain, implementation: payer.implementation }));

    const { events } = await readEvents(database, {
      organizationId: payer.organizationId,
      after: 0n,
      upTo: 1n,
    });
    expect(events).toMatchObject([
      {
        type: 'PAYOUT_BATCH_CREATED',
        subjectId: batchId,
        payload: { status: 'DRAFT', progress: { pending: 1_000 } },
      },
    ]);
    expect(decodeEventCursor(payer.organizationId, done.eventCursor as string)).toBe(1n);
  });

  test('a dry run tells the same and writes nothing, whatever its key was used for', async () => {
    const first = await payoutBatchImport(proposer, request(payroll(10), { idempotencyKey: 'k' }));
    const before = await countWritten(database, payer.organizationId);
    const dry = await payoutBatchImport(
      proposer,
      request(payroll(20), { dryRun: true, idempotencyKey: 'k' }),
    );
    expect(dry).toMatchObject({ payoutBatchId: null, replayed: false, eventCursor: null, errorCount: 0 });
    expect(dry.preview).toMatchObject({ rowCount: 20, acceptedCount: 20 });
    expect(await countWritten(database, payer.organizationId)).toEqual(before);
    expect(first.preview?.totalUnits).toBeLessThan(dry.preview?.totalUnits as bigint);
  });
});

describe('all or nothing', () => {
  test('the faulty example writes nothing, and its key is free for the mended file', async () => {
    const key = { idempotencyKey: 'november' };
    const refused = await payoutBatchImport(proposer, request(faultyPayroll(), key));
    expect(refused).toMatchObject({ payoutBatchId: null, issueCount: 15, errorCount: 14, eventCursor: null });
    expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
    const mended = await payoutBatchImport(proposer, request(payroll(10), key));
    expect(mended.payoutBatchId).not.toBeNull();
  });

  test('a database that fails in the middle of the rows keeps nothing', async () => {
    const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    await owner.query(`create function refuse_row() returns trigger language plpgsql as
      $$ begin raise exception 'refused'; end $$;
      create trigger refuse_row before insert on payout for each row when (new.row_index = 5500) execute function refuse_row()`);
    const input = request(payroll(6_000));
    try {
      await expect(payoutBatchImport(proposer, input)).rejects.toThrow('refused');
      expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
    } finally {
      await owner.query('drop function refuse_row cascade');
      await owner.end();
    }
    expect(await payoutBatchImport(proposer, input)).toMatchObject({ replayed: false, errorCount: 0 });
  });
});

describe('once a key', () => {
  test('a replay answers with the same batch and preview, even when the account has closed since', async () => {
    const input = request(payroll(10));
    const first = await payoutBatchImport(proposer, input);
    await database
      .updateTable('account')
      .set({ status: 'CLOSED' })
      .where('id', '=', payer.accountId)
      .execute();
    const again = await payoutBatchImport(proposer, input);
    expect(again).toEqual({ ...first, replayed: true, eventCursor: null });
    expect(await countWritten(database, payer.organizationId)).toMatchObject({ batches: 1, events: 1 });
  });

  test.each<[string, () => Partial<PayoutBatchImportInput>]>([
    ['file', () => ({ file: new Blob([payroll(11)]) })],
    ['title', () => ({ title: 'December' })],
    ['asset', () => ({ assetId: payer.nativeId })],
  ])('with another %s it is refused', async (_, change) => {
    const input = request(payroll(10));
    await payoutBatchImport(proposer, input);
    await expect(payoutBatchImport(proposer, { ...input, ...change() })).rejects.toMatchObject(
      refusedWith('IDEMPOTENCY_KEY_REUSED'),
    );
  });

  test('eight at once do the work once', async () => {
    const input = request(payroll(500));
    const answers = await Promise.all(Array.from({ length: 8 }, () => payoutBatchImport(proposer, input)));
    expect(new Set(answers.map(({ payoutBatchId }) => payoutBatchId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await countWritten(database, payer.organizationId)).toMatchObject({
      batches: 1,
      payouts: 500,
      keys: 1,
    });
  });

  test('of two files at once with one key, one is written and the other refused', async () => {
    const key = { idempotencyKey: 'same' };
    const outcomes = await Promise.allSettled([
      payoutBatchImport(proposer, request(payroll(300), key)),
      payoutBatchImport(proposer, request(payroll(301), key)),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject(refusedWith('IDEMPOTENCY_KEY_REUSED'));
    expect(await countWritten(database, payer.organizationId)).toMatchObject({ batches: 1, keys: 1 });
  });
});

describe('who may, and with what', () => {
  test.each<[string, Role[], string]>([
    ['a stranger finds no account', [], 'NOT_FOUND'],
    ['a viewer may not', ['VIEWER'], 'FORBIDDEN'],
    ['an approver may not', ['APPROVER'], 'FORBIDDEN'],
  ])('%s', async (_, roles, code) => {
    const context = await seedContext(log, payer.organizationId, roles);
    await expect(payoutBatchImport(context, request(payroll(1)))).rejects.toMatchObject({ code });
    expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
  });

  test('nobody may', async () => {
    const nobody = { ...proposer, viewer: null };
    await expect(payoutBatchImport(nobody, request(payroll(1)))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test.each<[string, () => Partial<PayoutBatchImportInput>]>([
    ['ASSET_NATIVE', () => ({ assetId: payer.nativeId })],
    ['ASSET_ON_OTHER_CHAIN', () => ({ assetId: payer.foreignId })],
    ['ASSET_NOT_FOUND', () => ({ assetId: randomUUID() })],
    ['TITLE_INVALID', () => ({ title: ' ' })],
    ['TITLE_INVALID', () => ({ title: 'two\nlines' })],
    ['IDEMPOTENCY_KEY_INVALID', () => ({ idempotencyKey: ' ' })],
    ['FILE_TOO_LARGE', () => ({ file: new Blob([new Uint8Array(32 * 1024 * 1024 + 1)]) })],
  ])('%s', async (code, change) => {
    await expect(payoutBatchImport(proposer, request(payroll(1), change()))).rejects.toMatchObject(
      refusedWith(code),
    );
    expect(await countWritten(database, payer.organizationId)).toEqual(NOTHING);
  });

  test.each(['OPENING', 'CLOSED'] as const)('an account that is %s cannot pay', async (status) => {
    payer = await seedPayer(database, status);
    const context = await seedContext(log, payer.organizationId, ['ADMIN']);
    await expect(payoutBatchImport(context, request(payroll(1)))).rejects.toMatchObject(
      refusedWith('ACCOUNT_NOT_ACTIVE'),
    );
  });

  test('the account, the token and the factory are no recipients', async () => {
    const rows = [payer.accountAddress, payer.token, payer.factory, payer.implementation];
    const text = `recipient,amount\n${rows.map((address) => `${address},1`).join('\n')}`;
    const { issues } = await payoutBatchImport(proposer, request(text));
    expect(issues.map(({ code }) => code)).toEqual([
      'RECIPIENT_ACCOUNT',
      'RECIPIENT_TOKEN',
      'RECIPIENT_FACTORY',
      'RECIPIENT_FACTORY',
    ]);
  });
});

describe('references that another batch carries', () => {
  const warned = ({ issues }: Awaited<ReturnType<typeof payoutBatchImport>>) =>
    issues.filter(({ code }) => code === 'REFERENCE_PAID_BEFORE');

  test('are warned of by row, and the file is written all the same', async () => {
    await payoutBatchImport(proposer, request(payroll(3), { title: 'First' }));
    const second = await payoutBatchImport(proposer, request(payroll(5)));
    expect(warned(second)).toEqual(
      [2, 3, 4].map((row) =>
        expect.objectContaining({
          row,
          column: 'reference',
          value: `PAY-2026-11-0000${row - 1}`,
          severity: 'WARNING',
          message: expect.stringContaining('“First” (draft)'),
        }),
      ),
    );
    expect(second).toMatchObject({ errorCount: 0, issueCount: 3, payoutBatchId: expect.any(String) });
  });

  test('do not count where they were not paid, or by somebody else', async () => {
    const cancelled = await payoutBatchImport(proposer, request(payroll(3)));
    await database
      .updateTable('payoutBatch')
      .set({ status: 'CANCELLED' })
      .where('id', '=', cancelled.payoutBatchId as string)
      .execute();
    const other = await seedPayer(database);
    const stranger = await seedContext(log, other.organizationId, ['OWNER']);
    const place = { accountId: other.accountId, assetId: other.usdcId };
    await payoutBatchImport(stranger, request(payroll(3), place));
    expect(warned(await payoutBatchImport(proposer, request(payroll(3), { dryRun: true })))).toEqual([]);
  });

  test('do not count for the row that failed', async () => {
    const first = await payoutBatchImport(proposer, request(payroll(3)));
    await sql`insert into payout_exception (batch_id, row_index, organization_id, chunk_index, status, failure_code)
      values (${first.payoutBatchId}, 1, ${payer.organizationId}, 0, 'FAILED', 'RECIPIENT_REVERTED')`.execute(
      database,
    );
    const second = await payoutBatchImport(proposer, request(payroll(3), { dryRun: true }));
    expect(warned(second).map(({ row }) => row)).toEqual([2, 4]);
  });
});
