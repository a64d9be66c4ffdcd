import { type Address, getAddress, type Hex, toHex } from 'viem';
import { expect, test } from 'vitest';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { acceptLogs, possibleVaults, type Tracked } from './acceptLogs.ts';
import type { DecodedLog, DecodedTransfer, OpenedWith } from './decodeLogs.ts';
import type { TrackedBatch } from './trackedRows.ts';

const address = (value: number): Address => getAddress(toHex(value, { size: 20 }));
const [FACTORY, SAFE, VAULT, TOKEN, STRANGER] = [1, 2, 3, 4, 5].map(address) as [
  Address,
  Address,
  Address,
  Address,
  Address,
];
const HASH: Hex = `0x${'11'.repeat(32)}`;
const BATCH_ID = '0190a0b0-0000-7000-8000-000000000000';

const batch: TrackedBatch = {
  ...{ id: BATCH_ID, organizationId: 'org', accountId: 'account', vaultAddress: VAULT, accountAddress: SAFE },
  ...{ tokenAddress: TOKEN, totalUnits: 10n, merkleRoot: toHex(9, { size: 32 }), chunkCount: 1 },
  ...{ gasPerPayout: 70_000, closeAfter: new Date(2_000_000) },
};
const tracked: Tracked = {
  factory: FACTORY,
  accounts: [{ id: 'account', organizationId: 'org', address: SAFE }],
  assets: [{ id: 'asset', address: TOKEN }],
  batches: [batch],
};
const opened: OpenedWith = {
  ...{ batchId: batchIdFromUuid(BATCH_ID), token: TOKEN, total: 10n, root: toHex(9, { size: 32 }) },
  ...{ chunkCount: 1, gasPerPayout: 70_000, openBy: 1_000n, closeAfter: 2_000n },
};
const place = (emitter: Address) => ({ emitter, transactionHash: HASH, logIndex: 0 });

function open(params: Partial<OpenedWith> = {}, emitter = FACTORY, payer = SAFE): DecodedLog {
  return { kind: 'BATCH_OPENED', payer, vault: VAULT, params: { ...opened, ...params }, ...place(emitter) };
}

function transfer(change: Partial<DecodedTransfer>): DecodedTransfer {
  return {
    ...{ token: TOKEN, from: STRANGER, to: SAFE, units: 5n, transactionHash: HASH, logIndex: 1 },
    ...change,
  };
}

test('an opening counts when the factory tells it, and is as planned when nothing but openBy differs', () => {
  expect(acceptLogs([open()], [], tracked).openings).toMatchObject([{ batchId: BATCH_ID, asPlanned: true }]);
  expect(acceptLogs([open({ openBy: 7n })], [], tracked).openings).toMatchObject([{ asPlanned: true }]);
  expect(acceptLogs([open({}, STRANGER)], [], tracked).openings).toEqual([]);
});

test.each<Partial<OpenedWith>>([
  { batchId: batchIdFromUuid('0190a0b0-0000-7000-8000-000000000001') },
  { token: STRANGER },
  { total: 11n },
  { root: toHex(8, { size: 32 }) },
  { chunkCount: 2 },
  { gasPerPayout: 70_001 },
  { closeAfter: 2_001n },
])('an opening with another %o is not as planned', (params) => {
  expect(acceptLogs([open(params)], [], tracked).openings).toMatchObject([{ asPlanned: false }]);
});

test('what a vault tells counts only when a vault of ours tells it', () => {
  const executed = (emitter: Address): DecodedLog => ({
    ...{ kind: 'CHUNK_EXECUTED', chunkIndex: 4, owed: 1n },
    ...place(emitter),
  });
  const facts = acceptLogs([executed(VAULT), executed(STRANGER)], [], tracked);
  expect(facts.chunks).toEqual([{ batchId: BATCH_ID, chunkIndex: 4, owed: 1n, transactionHash: HASH }]);
  expect(facts.touches).toHaveLength(1);
  expect(possibleVaults([executed(VAULT), executed(STRANGER), executed(VAULT)])).toEqual([VAULT, STRANGER]);
});

test('a digest counts as executed by the account that tells it; every change is read again', () => {
  const executed = (emitter: Address): DecodedLog => ({
    kind: 'SAFE_EXECUTED',
    digest: HASH,
    ...place(emitter),
  });
  const facts = acceptLogs([executed(SAFE), executed(STRANGER)], [], tracked);
  expect(facts.executions).toEqual([{ accountId: 'account', digest: HASH, transactionHash: HASH }]);
  expect([...facts.changedAccounts.keys()]).toEqual(['account']);
  const born: DecodedLog = { kind: 'SAFE_CREATED', safe: SAFE, ...place(STRANGER) };
  expect([...acceptLogs([born], [], tracked).changedAccounts.keys()]).toEqual(['account']);
});

test('transfers count for accounts of ours and registered tokens; transfers of nothing do not', () => {
  const facts = acceptLogs(
    [],
    [
      transfer({}),
      transfer({ from: SAFE, to: STRANGER, logIndex: 2 }),
      transfer({ token: STRANGER }),
      transfer({ units: 0n }),
      transfer({ from: STRANGER, to: STRANGER }),
    ],
    tracked,
  );
  expect(facts.transfers).toMatchObject([
    { direction: 'IN', counterparty: STRANGER, logIndex: 1 },
    { direction: 'OUT', counterparty: STRANGER, logIndex: 2 },
  ]);
  expect([...facts.movedBalances.keys()]).toEqual(['account:asset']);
});

test('a transfer from an account to itself goes out and comes in', () => {
  const facts = acceptLogs([], [transfer({ from: SAFE })], tracked);
  expect(facts.transfers.map(({ direction }) => direction)).toEqual(['OUT', 'IN']);
});
