import fc from 'fast-check';
import {
  type Address,
  bytesToHex,
  concatHex,
  encodeFunctionData,
  encodePacked,
  erc20Abi,
  type Hex,
  hexToBytes,
  numberToHex,
  size,
} from 'viem';
import { describe, expect, test } from 'vitest';
import { payoutVaultFactoryAbi } from '../../../contracts/abi/payoutVaultFactory.ts';
import { manifest, other, reasonsOf, subject } from './openIntentExample.testkit.ts';
import { multiSendAbi } from './safeAbi.ts';
import { SAFE_DEPLOYMENT } from './safeDeployment.ts';
import type { SafeTransaction } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

const { transaction } = subject;
const params = {
  batchId: manifest.batchId,
  token: manifest.token,
  total: manifest.total,
  root: manifest.root,
  chunkCount: manifest.chunkCount,
  gasPerPayout: manifest.gasPerPayout,
  openBy: manifest.openBy,
  closeAfter: manifest.closeAfter,
};
const transferData = (to: Address, units: bigint) =>
  encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, units] });
const openData = (changes: Partial<typeof params>) =>
  encodeFunctionData({ abi: payoutVaultFactoryAbi, functionName: 'open', args: [{ ...params, ...changes }] });

type RawCall = { operation?: number; to?: Address; value?: bigint; data?: Hex; dataSize?: bigint };
const funding: Required<RawCall> = call({
  to: manifest.token,
  data: transferData(vaultAddress(manifest), manifest.total),
});
const opening: Required<RawCall> = call({ to: manifest.factory, data: openData({}) });

function call({
  operation = 0,
  to = other,
  value = 0n,
  data = '0x',
  dataSize = BigInt(size(data)),
}: RawCall): Required<RawCall> {
  return { operation, to, value, data, dataSize };
}

function multiSend(calls: readonly Required<RawCall>[], tail: Hex = '0x'): Hex {
  const packed = calls.map(({ operation, to, value, data, dataSize }) =>
    encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [operation, to, value, dataSize, data]),
  );
  return encodeFunctionData({
    abi: multiSendAbi,
    functionName: 'multiSend',
    args: [concatHex([...packed, tail])],
  });
}

describe('every other transaction is unknown', () => {
  test.each([
    ['to', other],
    ['to', SAFE_DEPLOYMENT.singletonL1.address],
    ['value', 1n],
    ['value', '0'],
    ['operation', 0],
    ['operation', 2],
    ['operation', '1'],
    ['safeTxGas', 1n],
    ['baseGas', 1n],
    ['gasPrice', 1n],
    ['gasToken', other],
    ['refundReceiver', other],
    ['nonce', 5n],
    ['nonce', undefined],
    ['data', '0x'],
    ['data', undefined],
    ['data', 7],
    ['data', '0x8d80ff0a'],
    ['data', 'no hex at all'],
    ['data', { length: 4 }],
  ])('%s %s', (field, value) => {
    expect(reasonsOf({ transaction: { ...transaction, [field]: value } as SafeTransaction })).not.toBe(
      'accepted',
    );
  });

  test('no transaction at all', () => {
    for (const value of [null, undefined, 7, 'text', {}]) {
      expect(reasonsOf({ transaction: value as unknown as SafeTransaction })).not.toBe('accepted');
    }
  });

  test.each([
    ['no call', multiSend([])],
    ['one call', multiSend([funding])],
    ['three calls', multiSend([funding, opening, call({ to: other, data: '0x1234' })])],
    ['the calls swapped', multiSend([opening, funding])],
    ['the funding twice', multiSend([funding, funding])],
    ['a delegate call inside', multiSend([funding, { ...opening, operation: 1 }])],
    ['value inside', multiSend([{ ...funding, value: 1n }, opening])],
    ['an empty call', multiSend([funding, call({ to: manifest.factory })])],
    ['a tail behind the calls', multiSend([funding, opening], '0x00')],
    ['a length beyond the end', multiSend([funding, { ...opening, dataSize: opening.dataSize + 1n }])],
    ['a huge length', multiSend([funding, { ...opening, dataSize: 2n ** 255n }])],
    ['another token', multiSend([{ ...funding, to: other }, opening])],
    ['another factory', multiSend([funding, { ...opening, to: other }])],
    ['another vault', multiSend([{ ...funding, data: transferData(other, manifest.total) }, opening])],
    [
      'more than the total',
      multiSend([{ ...funding, data: transferData(vaultAddress(manifest), manifest.total + 1n) }, opening]),
    ],
    [
      'an approval in place of the transfer',
      multiSend([
        {
          ...funding,
          data: encodeFunctionData({
            abi: erc20Abi,
            functionName: 'approve',
            args: [vaultAddress(manifest), manifest.total],
          }),
        },
        opening,
      ]),
    ],
    [
      'vaultOf in place of open',
      multiSend([
        funding,
        {
          ...opening,
          data: encodeFunctionData({
            abi: payoutVaultFactoryAbi,
            functionName: 'vaultOf',
            args: [other, manifest.batchId],
          }),
        },
      ]),
    ],
    [
      'bytes behind the transfer',
      multiSend([call({ ...funding, data: `${funding.data}00`, dataSize: funding.dataSize + 1n }), opening]),
    ],
    [
      'bytes behind open',
      multiSend([funding, call({ ...opening, data: `${opening.data}00`, dataSize: opening.dataSize + 1n })]),
    ],
    ['bytes behind multiSend', `${transaction.data}00` as Hex],
  ])('%s', (_, data) => {
    expect(data).not.toBe(transaction.data);
    expect(reasonsOf({ transaction: { ...transaction, data } })).not.toBe('accepted');
  });

  test('the calls that were put together by hand here are the ones accepted', () => {
    expect(multiSend([funding, opening])).toBe(transaction.data);
  });

  test.each([
    ['batchId', { batchId: `0x${'11'.repeat(32)}` }],
    ['token', { token: other }],
    ['total', { total: manifest.total - 1n }],
    ['root', { root: `0x${'11'.repeat(32)}` }],
    ['chunkCount', { chunkCount: 4 }],
    ['gasPerPayout', { gasPerPayout: 50_000 }],
    ['openBy', { openBy: manifest.openBy + 1n }],
    ['closeAfter', { closeAfter: manifest.closeAfter + 1n }],
  ] as const)('open with another %s, which the reason names', (field, changes) => {
    const data = multiSend([funding, { ...opening, data: openData(changes) }]);
    expect(reasonsOf({ transaction: { ...transaction, data } })).toContain(`open’s ${field} is `);
  });

  test('any byte of the data changed, dropped or added', () => {
    const bytes = hexToBytes(transaction.data);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const mutant = bytes.slice();
        mutant[at] = (mutant[at] as number) ^ flip;
        const data = bytesToHex(mutant);
        return reasonsOf({ transaction: { ...transaction, data } }) !== 'accepted';
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (at) => {
        const dropped = bytesToHex(new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)]));
        const added = bytesToHex(new Uint8Array([...bytes.slice(0, at), 0, ...bytes.slice(at)]));
        return [dropped, added].every(
          (data) => reasonsOf({ transaction: { ...transaction, data } }) !== 'accepted',
        );
      }),
    );
  });

  test('arbitrary bytes, without throwing', () => {
    const selector = transaction.data.slice(0, 10);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, isMultiSend) => {
        const noise = bytesToHex(bytes);
        const data: Hex = isMultiSend ? `0x${selector.slice(2)}${noise.slice(2)}` : noise;
        return reasonsOf({ transaction: { ...transaction, data } }) !== 'accepted';
      }),
    );
  });
});

test('numbers in reasons are told apart from text', () => {
  expect(
    reasonsOf({ transaction: { ...transaction, value: numberToHex(0) as unknown as bigint } }),
  ).toContain('The value is 0x0');
});
