// Somebody who owns the database changes what is to be paid. Before the approval the approvers' own file shows it and
// nothing is signed; after it the payout engine sends nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../../cli/apiClient.ts';
import { importPayroll } from '../../cli/importPayroll.ts';
import { SUBMIT } from '../../cli/payrollDocuments.ts';
import { decodeNodeId } from '../../core/ids.ts';
import { payroll } from '../../examples/generate.ts';
import { startStack, type TestStack } from './stack.ts';
import { until } from './until.ts';
import { signInAs } from './viewer.ts';

const ROWS = 250;
/** In the second chunk. */
const ROW_INDEX = 230;
const FILE_ROW = `row ${ROW_INDEX + 2}`;
const ROW_IN_CHUNK = ROW_INDEX - 200;
const ROW_BYTES = 32;
const THIEF = 'Be'.repeat(20);

/** One column of one row; `value` is SQL. */
type Change = { table: string; where: string; column: string; value: string };
/** What is changed, and what the approver's command and the engine say; null: it does not look at that. */
type Tampering = { name: string; changes: Change[]; approver: RegExp; engine: RegExp | null };

const payout = { table: 'payout', where: `batch_id = $1 and row_index = ${ROW_INDEX}` };
const batch = { table: 'payout_batch', where: 'id = $1' };
const approval = { table: 'approval', where: 'batch_id = $1' };
const steal = { ...payout, column: 'recipient', value: `'0x${THIEF}'` };
/** Twenty bytes of recipient, then twelve of the amount. */
const stealPacked = {
  table: 'payout_chunk',
  where: 'batch_id = $1 and chunk_index = 1',
  column: 'packed_rows',
  value: `overlay(packed_rows placing decode('${THIEF}', 'hex') from ${ROW_IN_CHUNK * ROW_BYTES + 1})`,
};
const listed = new RegExp(
  `Not signed. The API lists other payouts.*\n +${FILE_ROW}: the (amount|recipient) is`,
);
const inManifest = new RegExp(`Not signed. The manifest .* other payouts.*\n +${FILE_ROW}: the recipient is`);
const differs = new RegExp(`payout ${ROW_INDEX + 1} differs from its packed chunk`);

const TAMPERINGS: Tampering[] = [
  {
    name: 'the amount of a payout',
    changes: [{ ...payout, column: 'units', value: 'units + 1' }],
    approver: listed,
    engine: differs,
  },
  { name: 'the recipient of a payout', changes: [steal], approver: listed, engine: differs },
  { name: 'the recipient of a packed row', changes: [stealPacked], approver: inManifest, engine: differs },
  {
    name: 'the recipient of a payout and of its packed row',
    changes: [steal, stealPacked],
    approver: listed,
    engine: /root/,
  },
  {
    name: 'the total of the batch',
    changes: [{ ...batch, column: 'total_units', value: 'total_units + 1' }],
    approver: /Not signed: .*total/,
    engine: /total/,
  },
  {
    name: 'the root of the batch',
    changes: [{ ...batch, column: 'merkle_root', value: `'0x${'ab'.repeat(32)}'` }],
    approver: /Not signed: .*root/,
    engine: /root/,
  },
  {
    name: 'the digest of the approval',
    changes: [{ ...approval, column: 'digest', value: `'0x${'cd'.repeat(32)}'` }],
    approver: /Not signed: .*digest/,
    engine: /digest|signature/,
  },
  {
    name: 'the hash of the manifest',
    changes: [{ ...batch, column: 'manifest_sha256', value: `'${'ef'.repeat(32)}'` }],
    approver: /Not signed: .*SHA-256/,
    engine: null,
  },
];

let stack: TestStack;
let file: string;
let batchId: string;
beforeAll(async () => {
  stack = await startStack();
  file = join(stack.directory, 'tampered.csv');
  writeFileSync(file, payroll(ROWS, 'TAMPERED'));
  const { demo, api: url, chainId } = stack.stack;
  const [proposer] = demo.approvers;
  if (proposer === undefined) throw new Error('There is no approver.');
  const api = await signIn(url, privateKeyToAccount(proposer.privateKey), chainId);
  const bytes = new Uint8Array(readFileSync(file));
  const { payoutBatch } = await importPayroll(api, demo, { name: 'tampered.csv', bytes, run: '' });
  batchId = payoutBatch?.id ?? '';
  await api.request(SUBMIT, { input: { payoutBatchId: batchId } });
});
afterAll(() => stack?.remove());

/** @returns what takes it back */
async function change({ table, where, column, value }: Change): Promise<() => Promise<void>> {
  const { uuid } = decodeNodeId(batchId);
  const rows = await stack.sql<{ old: unknown }>(`select ${column} as old from ${table} where ${where}`, [
    uuid,
  ]);
  expect(rows.length).toBe(1);
  await stack.sql(`update ${table} set ${column} = ${value} where ${where}`, [uuid]);
  return async () => {
    await stack.sql(`update ${table} set ${column} = $2 where ${where}`, [uuid, rows[0]?.old]);
  };
}

async function changeAll(changes: readonly Change[]): Promise<() => Promise<void>> {
  const restores: (() => Promise<void>)[] = [];
  for (const one of changes) restores.push(await change(one));
  return async () => {
    for (const restore of restores) await restore();
  };
}

test.each(TAMPERINGS)('before the approval: $name', async ({ changes, approver }) => {
  const restore = await changeAll(changes);
  const { code, stdout, stderr } = await stack.payroll(file).ended;
  await restore();
  expect(code, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(approver);
  expect(await stack.sql('select from approval_decision')).toEqual([]);
});

test.each([
  { what: 'decimals', value: '7', says: /Not signed: .*7 decimals; USDC has 6/ },
  { what: 'address', value: `'0x${THIEF}'`, says: /Not signed: .*token/ },
])('before the import: the $what of the asset', async ({ what, value, says }) => {
  const other = join(stack.directory, `${what}.csv`);
  writeFileSync(other, payroll(2, what.toUpperCase()));
  const restore = await change({ table: 'asset', where: "symbol = 'USDC' or id = $1", column: what, value });
  const { code, stderr } = await stack.payroll(other).ended;
  await restore();
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(says);
  expect(await stack.sql('select from approval_decision')).toEqual([]);
});

test('after the approval the engine sends none of it, and all of it once it is as it was', async () => {
  const viewer = await signInAs(stack, 2);
  const worker = stack.roleProcess('worker') ?? 0;
  process.kill(worker, 'SIGSTOP');
  const command = stack.payroll(file);
  await command.says(/Checked against your file and approved/);
  for (const { name, changes, engine } of TAMPERINGS) {
    if (engine === null) continue;
    const restore = await changeAll(changes);
    await stack.sql('update payout_batch set blocker_code = null, blocker_message = null');
    process.kill(worker, 'SIGCONT');
    const blocker = await until(`what holds the batch: ${name}`, async () => {
      const { payoutBatch } = await viewer.request<{
        payoutBatch: { status: string; blocker: { code: string; message: string } | null };
      }>('query Blocker($id: ID!) { payoutBatch(id: $id) { status blocker { code message } } }', {
        id: batchId,
      });
      expect(payoutBatch.status, name).toBe('APPROVED');
      return payoutBatch.blocker;
    });
    process.kill(worker, 'SIGSTOP');
    await restore();
    expect(blocker.message, name).toMatch(engine);
    expect(await stack.sql("select from chain_transaction where kind = 'OPEN'"), name).toEqual([]);
  }
  process.kill(worker, 'SIGCONT');
  const { code, stderr } = await command.ended;
  expect(code, stderr).toBe(0);
  expect(await stack.audit(file)).toMatchObject({ recipients: ROWS, differences: 0 });
});
