import fc from 'fast-check';
import { getAddress, sha256, stringToBytes } from 'viem';
import { describe, expect, test } from 'vitest';
import { manifestFromRows } from '../../chains/evm/codec/manifestFromRows.ts';
import { encodeNodeId } from '../../core/ids.ts';
import { checkServedRequest } from './checkServedRequest.ts';
import {
  attacker,
  fileOf,
  NOW_SECONDS,
  openingOf,
  ROW_COUNT,
  rows,
  servedClosing,
  servedOpening,
  servedTransaction,
  terms,
} from './servedRequest.testkit.ts';
import type { OwnFileRows, ServedRequest } from './servedRequest.ts';

const honest = servedOpening();
const ownFile = fileOf(rows);
const THE_SWAPPED = 617;
const stolen = rows.map((row, index) => (index === THE_SWAPPED ? { ...row, recipient: attacker } : row));

const check = (served: ServedRequest, own: OwnFileRows | null = null) =>
  checkServedRequest(served, own, NOW_SECONDS).checked;

/** What is named as different, and the sentences; never 'SOUND' where a refusal is expected. */
function refusalOf(served: ServedRequest, own: OwnFileRows | null = null) {
  const checked = check(served, own);
  if (checked.kind === 'SOUND') return { parts: ['SOUND'], sentences: '', rows: [] };
  return {
    parts: checked.differences.map(({ what, source }) => `${source} ${what}`),
    sentences: checked.differences.map(({ sentence }) => sentence).join('\n'),
    rows: checked.differences.flatMap(({ row }) => row ?? []),
  };
}

describe('an honest server', () => {
  test('is told sound, with what its manifest says and the digest rebuilt here', () => {
    const checked = check(honest);
    expect(checked).toMatchObject({
      kind: 'SOUND',
      digest: honest.digest,
      typedData: honest.typedData,
      file: { kind: 'NOT_GIVEN' },
      facts: {
        nonce: 4n,
        safe: terms.payer,
        opening: {
          payoutCount: ROW_COUNT,
          recipientCount: ROW_COUNT,
          total: 5_005_000_000n,
          largest: { index: ROW_COUNT - 1, units: 10_000_000n },
        },
      },
    });
    if (checked.kind === 'SOUND') expect(checked.typedData).not.toBe(honest.typedData);
  });

  test('matches the approver’s own file', () => {
    expect(check(honest, ownFile)).toMatchObject({
      kind: 'SOUND',
      file: { kind: 'MATCHES', rowCount: ROW_COUNT },
    });
  });

  test('may list some payouts only', () => {
    const { rows: checkedRows, checked } = checkServedRequest(
      { ...honest, listed: honest.listed.slice(200, 300) },
      null,
      NOW_SECONDS,
    );
    expect(checked.kind).toBe('SOUND');
    expect(checkedRows).toHaveLength(ROW_COUNT);
  });

  test('may ask to close a batch', () => {
    expect(check(servedClosing())).toMatchObject({ kind: 'SOUND', facts: { nonce: 4n, opening: null } });
  });
});

describe('one of 1,000 recipients swapped consistently in rows, root, typed data and digest', () => {
  const forged = servedOpening(stolen);

  test('is refused with the approver’s own file, and the row is named', () => {
    const refusal = refusalOf(forged, ownFile);
    expect(refusal.parts).toContain('MANIFEST ROW');
    expect(refusal.rows[0]).toBe(THE_SWAPPED + 2);
    expect(refusal.sentences).toContain(
      `row ${THE_SWAPPED + 2}: the recipient is ${getAddress(attacker)}, your file says ${getAddress(stolenFrom())}`,
    );
  });

  test('is refused without the file when the page lists the honest rows', () => {
    const refusal = refusalOf({ ...forged, listed: honest.listed });
    expect(refusal.parts).toContain('MANIFEST ROW');
    expect(refusal.rows[0]).toBe(THE_SWAPPED + 1);
  });

  test('is refused without the file when the page lists the honest row among a few', () => {
    const refusal = refusalOf({ ...forged, listed: honest.listed.slice(600, 620) });
    expect(refusal).toMatchObject({ parts: ['MANIFEST ROW'], rows: [THE_SWAPPED + 1] });
  });

  test('cannot be told from an honest one without either: the page says that it is the server’s word', () => {
    expect(check({ ...forged, listed: [] })).toMatchObject({ kind: 'SOUND', file: { kind: 'NOT_GIVEN' } });
  });

  const stolenFrom = () => rows[THE_SWAPPED]?.recipient ?? attacker;
});

describe('the Safe transaction altered consistently in typed data and digest', () => {
  const manifest = manifestFromRows(terms, rows);
  const sound = openingOf(manifest);
  const altered = (changes: Partial<typeof sound>) =>
    refusalOf(servedTransaction(manifest, { ...sound, ...changes }), ownFile).parts;

  test.each([
    [{ refundReceiver: attacker }, 'REFUND'],
    [{ gasToken: attacker }, 'GAS_TOKEN'],
    [{ gasPrice: 1n }, 'GAS_PRICE'],
    [{ baseGas: 1n }, 'BASE_GAS'],
    [{ safeTxGas: 1n }, 'SAFE_TX_GAS'],
    [{ value: 1n }, 'VALUE'],
    [{ to: attacker }, 'TARGET'],
    [{ operation: 0 as const }, 'OPERATION'],
    [{ data: '0x' as const }, 'DATA'],
  ])('%o', (changes, part) => {
    expect(altered(changes)).toEqual([`TYPED_DATA ${part}`, 'REQUEST DIGEST']);
  });

  test('a delegate call of something else is named by its target', () => {
    const { sentences } = refusalOf(servedTransaction(manifest, { ...sound, to: attacker, operation: 1 }));
    expect(sentences).toContain(`message.to is ${attacker}`);
  });
});

describe('what does not agree with itself', () => {
  const { typedData } = honest;
  test('typed data altered alone', () => {
    const message = { ...typedData.message, refundReceiver: attacker };
    expect(refusalOf({ ...honest, typedData: { ...typedData, message } }).parts).toEqual([
      'TYPED_DATA REFUND',
    ]);
  });

  test('another nonce in the typed data alone', () => {
    const message = { ...typedData.message, nonce: '5' };
    expect(refusalOf({ ...honest, typedData: { ...typedData, message } }).parts).toEqual(['REQUEST DIGEST']);
  });

  test('no nonce at all', () => {
    const message = { ...typedData.message, nonce: '4.5' };
    expect(refusalOf({ ...honest, typedData: { ...typedData, message } }).parts).toEqual(['REQUEST NONCE']);
    expect(refusalOf({ ...honest, typedData: null }).parts).toEqual(['REQUEST NONCE']);
  });

  test('the manifest’s hash', () => {
    expect(refusalOf({ ...honest, manifestSha256: sha256(stringToBytes('other')) }).parts).toEqual([
      'REQUEST MANIFEST_HASH',
    ]);
  });

  test('the digest of another batch', () => {
    const other = servedOpening(rows, { terms: { batchId: `0x${'00'.repeat(16)}${'1b'.repeat(16)}` } });
    expect(refusalOf({ ...honest, digest: other.digest }).parts).toEqual(['REQUEST DIGEST']);
    expect(refusalOf(other).parts).toEqual(['MANIFEST BATCH']);
    const id = encodeNodeId('PayoutBatch', '0190a0b0-c0d0-7000-8000-00000000abce');
    expect(refusalOf({ ...honest, batch: { ...honest.batch, id } }).parts).toEqual(['MANIFEST BATCH']);
  });

  test('the number of payouts and the total that the page shows', () => {
    const few = { ...honest, listed: [] };
    expect(refusalOf({ ...few, batch: { ...few.batch, totalUnits: '5005000001' } }).parts).toEqual([
      'MANIFEST TOTAL',
    ]);
    expect(refusalOf({ ...few, batch: { ...few.batch, payoutCount: 999 } }).parts).toEqual([
      'MANIFEST PAYOUT_COUNT',
    ]);
  });
});

describe('what is consistent in itself, about something else', () => {
  test.each([
    [{ token: attacker }, 'MANIFEST TOKEN'],
    [{ factory: attacker }, 'MANIFEST FACTORY'],
    [{ implementation: attacker }, 'MANIFEST IMPLEMENTATION'],
    [{ payer: attacker }, 'MANIFEST SAFE'],
    [{ tokenDecimals: 7 }, 'MANIFEST DECIMALS'],
    [{ chainId: 1 }, 'MANIFEST CHAIN'],
    [{ openBy: 1_900_000_000n, closeAfter: 1_900_000_001n }, 'MANIFEST OPEN_BY'],
    [{ closeAfter: 1_900_000_000n }, 'MANIFEST CLOSE_AFTER'],
  ])('%o', (changed, part) => {
    expect(refusalOf(servedOpening(rows, { terms: changed }), ownFile).parts).toContain(part);
  });

  test('a token that this page does not know, or knows with other decimals or another symbol', () => {
    expect(refusalOf({ ...honest, asset: { ...honest.asset, address: attacker } }).parts).toEqual([
      'REQUEST TOKEN',
    ]);
    expect(refusalOf({ ...honest, asset: { ...honest.asset, decimals: 18 } }).parts).toEqual([
      'REQUEST DECIMALS',
    ]);
    expect(refusalOf({ ...honest, asset: { ...honest.asset, symbol: 'USDT' } }).parts).toEqual([
      'REQUEST SYMBOL',
    ]);
    expect(refusalOf({ ...honest, caip2: 'solana:mainnet' }).parts).toEqual(['REQUEST CHAIN']);
    expect(refusalOf({ ...honest, safe: '0x' }).parts).toEqual(['REQUEST SAFE']);
  });

  test('the closing of another vault', () => {
    expect(refusalOf(servedClosing(attacker)).parts).toEqual(['TYPED_DATA TARGET', 'REQUEST DIGEST']);
    expect(refusalOf({ ...honest, kind: 'PAYOUT_CLOSE' }).parts).toContain('REQUEST DIGEST');
    expect(refusalOf({ ...servedClosing(), kind: 'PAYOUT_OPEN' }).parts).not.toContain('SOUND');
  });
});

describe('a file of which some rows name their payee by a reference alone', () => {
  const partial: OwnFileRows = {
    rows: ownFile.rows.slice(0, 900),
    withoutAddress: ownFile.rows.slice(900).map(({ row = 0, units }) => ({ row, units })),
  };

  test('says which rows could not be checked', () => {
    expect(check(honest, partial)).toMatchObject({
      kind: 'SOUND',
      file: {
        kind: 'PARTLY',
        checkedCount: 900,
        uncheckedRowCount: 100,
        uncheckedPayoutCount: 100,
        uncheckedRows: expect.arrayContaining([902]),
      },
    });
  });

  test('refuses when a row with an address is not paid as it stands', () => {
    expect(refusalOf(servedOpening(stolen), partial)).toMatchObject({
      parts: ['MANIFEST ROW', 'MANIFEST TOTAL'],
      rows: [THE_SWAPPED + 2],
    });
  });

  test('refuses when the others are paid more than their rows say', () => {
    const dearer = rows.map((row, index) => (index === 950 ? { ...row, units: row.units + 1n } : row));
    expect(refusalOf(servedOpening(dearer), partial).parts).toEqual(['MANIFEST TOTAL']);
  });
});

test('whatever is said, it refuses and does not throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(honest) as (keyof typeof honest)[])),
      fc.anything(),
      (field, value) => {
        fc.pre(JSON.stringify(value) !== JSON.stringify(honest[field]));
        const { checked } = checkServedRequest({ ...honest, [field]: value } as never, null, NOW_SECONDS);
        if (field !== 'listed') expect(checked.kind).toBe('REFUSED');
      },
    ),
    { numRuns: 60 },
  );
});
