import fc from 'fast-check';
import type { Address, Hex } from 'viem';
import { describe, expect, test } from 'vitest';
import { arbitraryManifest, testPins, testTerms } from './arbitraryBatch.testkit.ts';
import { decodeOpenIntent } from './decodeOpenIntent.ts';
import type { Manifest } from './manifest.ts';
import { manifestFromRows } from './manifestFromRows.ts';
import { manifest, other, reasonsOf, rows, subject, subjectOf } from './openIntentExample.testkit.ts';
import { packRows } from './packRows.ts';
import type { PayoutRow } from './payoutRow.ts';
import { safeTransactionHash } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

const { transaction } = subject;

describe('an opening as we build it', () => {
  test('is told in full', () => {
    expect(decodeOpenIntent(subject)).toMatchObject({
      kind: 'PAYOUT_OPEN',
      summary: 'Pay 42.500001 USDC in 3 payouts.',
      payoutCount: 3,
      total: 42_500_001n,
      largest: { recipient: `0x${'a2'.repeat(20)}`, units: 40_000_000n },
      vault: vaultAddress(manifest),
      digest: safeTransactionHash(subject, transaction),
      warnings: [],
    });
  });

  test('shows amounts with all of the asset’s decimals, addresses with a checksum, dates in UTC', () => {
    const intent = decodeOpenIntent(subject);
    const lines =
      intent.kind === 'PAYOUT_OPEN'
        ? Object.fromEntries(intent.lines.map(({ label, value }) => [label, value]))
        : {};
    expect(lines).toMatchObject({
      Payouts: '3 payouts',
      Total: '42.500001 USDC',
      'Largest payout': '40.000000 USDC to 0xa2A2a2A2A2A2A2a2a2a2a2A2A2A2A2a2A2A2a2a2',
      'Safe nonce': '4',
      'Can be opened until': '2027-01-15T08:00:00Z',
      'Anyone may return the rest after': '2027-01-22T08:00:00Z',
    });
  });

  test('is accepted whatever the rows', () => {
    fc.assert(
      fc.property(arbitraryManifest, (drawn) => {
        const intent = decodeOpenIntent(subjectOf(drawn));
        expect(intent).toMatchObject({ kind: 'PAYOUT_OPEN', total: drawn.total });
      }),
    );
  });

  test('is read with upper-case data and lower-case addresses too', () => {
    const data: Hex = `0x${transaction.data.slice(2).toUpperCase()}`;
    const to = transaction.to.toLowerCase() as Address;
    expect(reasonsOf({ transaction: { ...transaction, data, to } })).toBe('accepted');
  });
});

describe('warnings', () => {
  const codes = (terms: Partial<typeof testTerms>, drawn: readonly PayoutRow[], nowSeconds?: number) => {
    const open = subjectOf(manifestFromRows({ ...testTerms, ...terms }, drawn));
    const intent = decodeOpenIntent(nowSeconds === undefined ? open : { ...open, nowSeconds });
    return intent.kind === 'PAYOUT_OPEN' ? intent.warnings.map(({ code }) => code) : intent.reasons;
  };

  test('tell what to look at twice', () => {
    const first = rows[0] as PayoutRow;
    expect(codes({}, rows, 1_799_999_000)).toEqual([]);
    expect(codes({}, rows, 1_800_000_001)).toEqual(['OPEN_BY_PASSED']);
    expect(codes({}, rows, 1_790_000_000)).toEqual(['OPEN_BY_FAR_AWAY']);
    expect(codes({ closeAfter: 1_900_000_000n }, rows)).toEqual(['CLOSE_AFTER_FAR_AWAY']);
    expect(codes({}, [first, ...rows])).toEqual(['DUPLICATE_PAYOUTS']);
    expect(codes({}, [first, { ...first, units: 9n }])).toEqual([]);
    expect(codes({}, [...rows, { recipient: testTerms.payer, units: 1n }])).toEqual(['PAYS_THE_PAYER']);
  });
});

describe('every other surrounding is unknown', () => {
  test.each([
    ['another chain', { chainId: 1 }],
    ['another Safe', { safe: other }],
    ['another nonce', { nonce: 5n }],
    ['another pinned factory', { pins: { ...testPins, factory: other } }],
    ['another pinned implementation', { pins: { ...testPins, implementation: other } }],
    ['another pinned token', { pins: { ...testPins, token: { ...testPins.token, address: other } } }],
    ['other decimals', { pins: { ...testPins, token: { ...testPins.token, decimals: 18 } } }],
    ['another symbol', { pins: { ...testPins, token: { ...testPins.token, symbol: 'USDT' } } }],
  ])('%s', (_, changes) => {
    expect(reasonsOf(changes)).not.toBe('accepted');
  });

  test.each([
    ['chainId', 1],
    ['payer', other],
    ['factory', other],
    ['implementation', other],
    ['token', other],
    ['batchId', `0x${'11'.repeat(32)}`],
    ['tokenDecimals', 18],
    ['tokenSymbol', 'USDT'],
    ['total', manifest.total + 1n],
    ['root', `0x${'11'.repeat(32)}`],
    ['chunkCount', 3],
    ['gasPerPayout', 7_000_000],
    ['gasPerPayout', 10_000_000],
    ['openBy', 1n],
    ['closeAfter', 1n],
    ['chunks', []],
    ['chunks', manifest.chunks.slice(1)],
    ['chunks', manifest.chunks.toReversed()],
    ['chunks', [new Uint8Array(31)]],
    ['chunks', null],
  ])('a manifest with another %s', (field, value) => {
    expect(reasonsOf({ manifest: { ...manifest, [field]: value } as Manifest })).not.toBe('accepted');
  });

  test('one unit more in one row of the manifest, or another recipient', () => {
    fc.assert(
      fc.property(fc.nat(rows.length - 1), fc.boolean(), (at, isAmount) => {
        const row = rows[at] as PayoutRow;
        const mutant = rows.with(
          at,
          isAmount ? { ...row, units: row.units + 1n } : { ...row, recipient: other },
        );
        return reasonsOf({ manifest: manifestFromRows(testTerms, mutant) }) !== 'accepted';
      }),
    );
  });

  test.each([
    ['the token', testPins.token.address],
    ['the factory', testPins.factory],
    ['the vault', vaultAddress(manifest)],
  ])('a payout to %s, though everything agrees', (_, recipient) => {
    const intent = decodeOpenIntent(
      subjectOf(manifestFromRows(testTerms, [...rows, { recipient, units: 1n }])),
    );
    expect(intent).toMatchObject({ kind: 'UNKNOWN', reasons: [expect.stringContaining('Payout 4 pays')] });
  });

  test('a chunk too large for its gas, though everything agrees', () => {
    const large = manifestFromRows({ ...testTerms, gasPerPayout: 50_000 }, rows);
    const intent = decodeOpenIntent(subjectOf({ ...large, gasPerPayout: 8_000_000 }));
    expect(large.chunks).toEqual([packRows(rows)]);
    expect(intent).toMatchObject({
      kind: 'UNKNOWN',
      reasons: [expect.stringContaining('could never be paid')],
    });
  });
});
