// The audit of payments, on a real chain and without a server: it passes what is right, and names each thing that is wrong.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Abi,
  encodeAbiParameters,
  getAddress,
  type Hex,
  keccak256,
  toEventSelector,
  toFunctionSelector,
  toHex,
  zeroHash,
} from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from '../../contracts/abi/payoutVaultFactory.ts';
import { required } from '../../core/errors.ts';
import type { AuditInput } from '../audit/auditPayments.ts';
import * as known from '../audit/contracts.ts';
import type { FaultName } from '../audit/findFaults.ts';
import { startTestChain, type TestAccount, type TestChain } from '../kit/chain.ts';
import { sharedTestParts } from '../kit/postgres.ts';
import { createHands, type Hands, type OpenedBatch, runAudit, writePayroll } from './auditKit.ts';

const ROWS_PER_CHUNK = 2;
const REFUSED = 4;
/** Of the vault's mapping from a word of chunks to their executed bits; `forge inspect` has the layout. */
const EXECUTED_SLOT = 3n;

const rows: PayoutRow[] = Array.from({ length: 5 }, (_, index) => ({
  recipient: getAddress(toHex(0x7000n + BigInt(index), { size: 20 })),
  units: 1_500_000n + BigInt(index),
}));
const total = rows.reduce((sum, { units }) => sum + units, 0n);

let chain: TestChain;
let hands: Hands;
let directory: string;
let payer: TestAccount;
let relayer: TestAccount;
let stranger: TestAccount;
/** Two chunks executed, a third with a row that the token refuses; and one that is paid and closed. */
let open: OpenedBatch;
let closed: OpenedBatch;
let input: AuditInput;
let before: Hex;

beforeAll(async () => {
  chain = await startTestChain();
  hands = createHands(chain);
  directory = mkdtempSync(join(sharedTestParts().runDirectory, 'audit-'));
  payer = required(chain.approvers[1], 'A payer');
  stranger = required(chain.strangers[0], 'A stranger');
  relayer = chain.relayer;
  await hands.mint(payer.address, 10n * total);
  const refused = required(rows[REFUSED], 'A row');
  await hands.block(refused.recipient);
  const from = Number(await chain.client.getBlockNumber());
  const paid = rows.map(({ recipient, units }) => ({ recipient: sibling(recipient), units }));
  open = await hands.open(payer, toHex(1n, { size: 32 }), rows, ROWS_PER_CHUNK);
  closed = await hands.open(payer, toHex(2n, { size: 32 }), paid, ROWS_PER_CHUNK);
  for (const chunk of open.chunks) await hands.execute(relayer, open, chunk);
  // Somebody else was quicker here, and the relayer's transaction was on its way.
  for (const chunk of closed.chunks) await hands.execute(stranger, closed, chunk);
  await hands.execute(relayer, closed, required(closed.chunks[0], 'A chunk'));
  await hands.close(stranger, closed);
  input = {
    rpcUrl: chain.rpcUrl,
    token: hands.token,
    payrolls: [
      { file: writePayroll(directory, 'open.csv', rows) },
      { file: writePayroll(directory, 'closed.csv', paid) },
    ],
    notPaid: [{ recipient: refused.recipient, units: refused.units.toString(), moneyIn: 'VAULT' }],
    blocks: { from, factory: hands.factory, accounts: [payer.address], relayers: [relayer.address] },
  };
});
afterAll(() => chain?.stop());
beforeEach(async () => {
  before = await chain.client.snapshot();
});
afterEach(() => chain.client.revert({ id: before }));

function sibling(recipient: Hex): Hex {
  return getAddress(toHex(BigInt(recipient) + 0x1000n, { size: 20 }));
}

async function expectBroken(names: FaultName[], changed: Partial<AuditInput> = {}): Promise<void> {
  const { code, report, explained } = await runAudit(directory, { ...input, ...changed });
  expect(report?.broken.toSorted(), explained).toEqual(names.toSorted());
  expect(code).toBe(names.length === 0 ? 0 : 1);
  for (const name of names) expect(explained).toContain(name);
}

test('what is right passes, with the relayer’s transactions in order', async () => {
  const { code, report, explained } = await runAudit(directory, input);
  expect(explained).toBe('');
  expect(code).toBe(0);
  expect(report).toMatchObject({ broken: [], recipients: 10, differences: 0, vaults: 2, chunksExecuted: 6 });
  expect(report?.total).toBe((2n * total - required(rows[REFUSED], 'A row').units).toString());
  const sender = relayer.address.toLowerCase();
  expect(report?.relayerTransactions).toMatchObject([
    { sender, nonce: 0, status: 'SUCCESS', hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    { sender, nonce: 1, status: 'SUCCESS' },
    { sender, nonce: 2, status: 'SUCCESS' },
    { sender, nonce: 3, status: 'REVERTED' },
  ]);
});

test('without blocks the balances alone are compared', async () => {
  const { blocks: _, ...balancesOnly } = input;
  await hands.transfer(payer, stranger.address, 1n);
  expect(await runAudit(directory, balancesOnly)).toMatchObject({ code: 0, report: { vaults: 0 } });
});

test('a recipient who was paid a second time by hand', async () => {
  await hands.transfer(payer, required(rows[0], 'A row').recipient, required(rows[0], 'A row').units);
  await expectBroken(['RECIPIENT_PAID_TOO_MUCH']);
});

test('a batch that was paid a second time, as another batch', async () => {
  const again = await hands.open(payer, toHex(3n, { size: 32 }), rows.slice(0, 2), ROWS_PER_CHUNK);
  await hands.execute(relayer, again, required(again.chunks[0], 'A chunk'));
  await expectBroken(['RECIPIENT_PAID_TOO_MUCH']);
});

test('a row that was lost', async () => {
  const lost = { recipient: sibling(sibling(required(rows[0], 'A row').recipient)), units: 1n };
  const file = writePayroll(directory, 'lost.csv', [lost]);
  await expectBroken(['RECIPIENT_PAID_TOO_LITTLE'], { payrolls: [...input.payrolls, { file }] });
});

test('a row told as cancelled that was paid, and one told as undelivered that is not in a vault', async () => {
  const { recipient, units } = required(rows[0], 'A row');
  const told = { recipient, units: units.toString() };
  const notPaid = input.notPaid ?? [];
  await expectBroken(['RECIPIENT_PAID_TOO_MUCH'], { notPaid: [...notPaid, { ...told, moneyIn: 'ACCOUNT' }] });
  await expectBroken(['RECIPIENT_PAID_TOO_MUCH', 'VAULTS_OWE_OTHER_THAN_TOLD'], {
    notPaid: [...notPaid, { ...told, moneyIn: 'VAULT' }],
  });
});

test('money that left', async () => {
  await hands.transfer(payer, stranger.address, 5n);
  await expectBroken(['MONEY_NOT_CONSERVED']);
});

test('a closed vault that holds money; an open one that holds more than it owes', async () => {
  await hands.transfer(payer, closed.vault, 1n);
  await expectBroken(['CLOSED_VAULT_HOLDS_MONEY']);
  await hands.transfer(payer, open.vault, 1n);
  await expectBroken(['CLOSED_VAULT_HOLDS_MONEY', 'VAULT_HOLDS_OTHER_THAN_OWED']);
});

test('a vault that is stuck: a chunk that nobody executed and nobody told of', async () => {
  const late = rows.slice(0, 1).map(({ units }) => ({ recipient: stranger.address, units }));
  await hands.open(payer, toHex(4n, { size: 32 }), late, ROWS_PER_CHUNK);
  await expectBroken(['VAULTS_OWE_OTHER_THAN_TOLD']);
});

test('a chunk that was executed twice, by a vault that forgot that it was', async () => {
  const slot = keccak256(
    encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [0n, EXECUTED_SLOT]),
  );
  await chain.client.setStorageAt({ address: open.vault, index: slot, value: zeroHash });
  await hands.execute(stranger, open, required(open.chunks[0], 'A chunk'));
  // What the vault kept for the row that the token refuses has paid a row of the first chunk again.
  await expectBroken(['CHUNK_EXECUTED_TWICE', 'RECIPIENT_PAID_TOO_MUCH', 'VAULTS_OWE_OTHER_THAN_TOLD']);
});

test('a relayer’s transaction for a chunk that a relayer has executed', async () => {
  await hands.execute(relayer, open, required(open.chunks[1], 'A chunk'));
  await expectBroken(['CHUNK_SENT_AFTER_EXECUTION']);
});

test('what cannot be found out is no answer: code 2', async () => {
  const { code, report } = await runAudit(directory, { ...input, rpcUrl: 'http://127.0.0.1:1' });
  expect([code, report]).toEqual([2, null]);
});

test('it imports Node’s modules and its own files, nothing else', () => {
  const folder = fileURLToPath(new URL('../audit', import.meta.url));
  for (const file of readdirSync(folder)) {
    const imported = [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, name]) => name,
    );
    expect(
      imported.filter((name) => !/^(node:|\.\/)/.test(name ?? '')),
      file,
    ).toEqual([]);
  }
});

test('the selectors and topics that it knows are those of the contracts', () => {
  const events = (abi: Abi) =>
    new Map(abi.flatMap((item) => (item.type === 'event' ? [[item.name, toEventSelector(item)]] : [])));
  const calls = (abi: Abi) =>
    new Map(abi.flatMap((item) => (item.type === 'function' ? [[item.name, toFunctionSelector(item)]] : [])));
  expect(known.CHUNK_EXECUTED).toBe(events(payoutVaultAbi).get('ChunkExecuted'));
  expect(known.BATCH_OPENED).toBe(events(payoutVaultFactoryAbi).get('BatchOpened'));
  expect(known.EXECUTE).toBe(calls(payoutVaultAbi).get('execute'));
  expect(known.REMAINING).toBe(calls(payoutVaultAbi).get('remaining'));
  expect(known.IS_CLOSED).toBe(calls(payoutVaultAbi).get('isClosed'));
  expect(known.TRANSFER).toBe(toEventSelector('Transfer(address,address,uint256)'));
  expect(known.BALANCE_OF).toBe(toFunctionSelector('balanceOf(address)'));
  expect(known.DECIMALS).toBe(toFunctionSelector('decimals()'));
});
