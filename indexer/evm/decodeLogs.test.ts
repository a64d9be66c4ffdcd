import {
  type AbiEvent,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hash,
  type Hex,
  pad,
  toEventSelector,
  toHex,
  zeroHash,
} from 'viem';
import { expect, test } from 'vitest';
import type { EvmLog } from '../../chains/evm/client/readLogs.ts';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { payoutVaultFactoryAbi } from '../../contracts/abi/payoutVaultFactory.ts';
import { decodeLogs, decodeTransfers, TRANSFER_TOPIC, WATCHED_TOPICS } from './decodeLogs.ts';

const ALICE: Address = '0x00000000000000000000000000000000000A11cE';
const VAULT: Address = '0x000000000000000000000000000000000000bEEF';
const LOWER_VAULT = VAULT.toLowerCase() as Address;

function log(topics: readonly Hex[], data: Hex, address: Address = LOWER_VAULT): EvmLog {
  return { address, topics: topics as Hash[], data, transactionHash: zeroHash, logIndex: 3 };
}

const place = { emitter: VAULT, transactionHash: zeroHash, logIndex: 3 };
const word = (value: bigint) => toHex(value, { size: 32 });

test('reads what vaults tell', () => {
  const [executed] = encodeEventTopics({ abi: payoutVaultAbi, eventName: 'ChunkExecuted' });
  const [retried] = encodeEventTopics({ abi: payoutVaultAbi, eventName: 'PayoutsRetried' });
  const [closed] = encodeEventTopics({ abi: payoutVaultAbi, eventName: 'VaultClosed' });
  expect(
    decodeLogs([
      log([executed, word(7n)], word(1n << 199n)),
      log([retried, word(7n)], word(0b101n)),
      log([closed], word(12n)),
    ]),
  ).toEqual([
    { kind: 'CHUNK_EXECUTED', chunkIndex: 7, owed: 1n << 199n, ...place },
    { kind: 'PAYOUTS_RETRIED', chunkIndex: 7, delivered: 0b101n, ...place },
    { kind: 'VAULT_CLOSED', ...place },
  ]);
});

test('reads with what a vault was opened', () => {
  const batchId = word(5n);
  const params = {
    ...{ batchId, token: ALICE, total: 9n, root: word(1n), chunkCount: 2, gasPerPayout: 70_000 },
    ...{ openBy: 100n, closeAfter: 200n },
  };
  const event = payoutVaultFactoryAbi.find((item) => item.type === 'event' && item.name === 'BatchOpened');
  const topics = encodeEventTopics({
    abi: payoutVaultFactoryAbi,
    eventName: 'BatchOpened',
    args: { payer: ALICE, batchId, vault: VAULT },
  }) as Hex[];
  const data = encodeAbiParameters(
    (event as AbiEvent).inputs.filter((input) => !input.indexed),
    [params],
  );
  expect(decodeLogs([log(topics, data)])).toEqual([
    { kind: 'BATCH_OPENED', payer: ALICE, vault: VAULT, params, ...place },
  ]);
});

test('another contract’s event that shares a topic but not the form is left out', () => {
  const [executed] = encodeEventTopics({ abi: payoutVaultAbi, eventName: 'ChunkExecuted' });
  expect(decodeLogs([log([executed], '0x'), log([executed, word(1n)], '0x00')])).toEqual([]);
});

test('a Safe whose events index other fields has changed, whatever they say', () => {
  const topic = toEventSelector('event AddedOwner(address)');
  expect(WATCHED_TOPICS).toContain(topic);
  expect(decodeLogs([log([topic], pad(ALICE))])).toEqual([{ kind: 'SAFE_CHANGED', ...place }]);
  expect(decodeLogs([log([topic, pad(ALICE)], '0x')])).toEqual([{ kind: 'SAFE_CHANGED', ...place }]);
});

test('reads transfers of ERC-20, not of ERC-721', () => {
  const { emitter: token, ...rest } = place;
  expect(
    decodeTransfers([
      log([TRANSFER_TOPIC, pad(ALICE), pad(VAULT)], word(5n)),
      log([TRANSFER_TOPIC, pad(ALICE), pad(VAULT), word(1n)], '0x'),
    ]),
  ).toEqual([{ token, from: ALICE, to: VAULT, units: 5n, ...rest }]);
});
