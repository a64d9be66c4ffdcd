import fc from 'fast-check';
import { getAddress, sha256, stringToBytes } from 'viem';
import { describe, expect, test } from 'vitest';
import { arbitraryManifest, testTerms } from './arbitraryBatch.testkit.ts';
import { checkOpenRequest } from './checkOpenRequest.ts';
import { encodeManifest } from './encodeManifest.ts';
import type { Manifest } from './manifest.ts';
import { manifestFromRows } from './manifestFromRows.ts';
import { manifest, other, rows } from './openIntentExample.testkit.ts';
import { FIRST_FILE_ROW, NOW_SECONDS, ownOf, requestOf } from './openRequestExample.testkit.ts';
import type { PayoutRow } from './payoutRow.ts';

const own = ownOf(manifest);
const request = requestOf(manifest);
type Changes = Partial<Parameters<typeof checkOpenRequest>[0]>;
const check = (changes: Changes = {}) =>
  checkOpenRequest({ own, request, nowSeconds: NOW_SECONDS, ...changes });

/** What differs, each with its place; 'SOUND' when nothing does. */
function partsOf(changes: Changes): string[] | 'SOUND' {
  const checked = check(changes);
  return checked.kind === 'SOUND'
    ? 'SOUND'
    : checked.differences.map(({ what, source, row }) => [source, what, row].filter(Boolean).join(' '));
}

/** A request that agrees with itself in everything, about another batch than the approver's. */
const forged = (terms: Partial<typeof testTerms>, changed: readonly PayoutRow[] = rows) =>
  requestOf(manifestFromRows({ ...testTerms, ...terms }, changed));

/** The manifest's text replaced, with the hash of what replaces it. */
const withText = (manifestText: string) => ({
  request: { ...request, manifestText, manifestSha256: sha256(stringToBytes(manifestText)) },
});

describe('a sound request', () => {
  test('is told in full, and what is to be signed was computed here', () => {
    const { typedData: servedTypedData } = request;
    const checked = check();
    expect(checked).toMatchObject({
      kind: 'SOUND',
      fileCheck: 'MATCHES',
      digest: request.digest,
      intent: { summary: 'Pay 42.500001 USDC in 3 payouts.', digest: request.digest },
    });
    if (checked.kind === 'REFUSED') return;
    expect(checked.typedData).toEqual(servedTypedData);
    expect(checked.typedData).not.toBe(servedTypedData);
    expect(encodeManifest(checked.manifest)).toBe(request.manifestText);
  });

  test('without the approver’s file is sound too, and says so', () => {
    const { rows: _, ...withoutFile } = own;
    expect(check({ own: withoutFile })).toMatchObject({ kind: 'SOUND', fileCheck: 'NOT_GIVEN' });
    const { listedRows: __, ...withoutList } = request;
    expect(check({ own: withoutFile, request: withoutList })).toMatchObject({ fileCheck: 'NOT_GIVEN' });
  });

  test('is sound whatever the rows', () => {
    fc.assert(
      fc.property(arbitraryManifest, (drawn) => {
        const subject = { own: ownOf(drawn), request: requestOf(drawn), nowSeconds: NOW_SECONDS };
        expect(checkOpenRequest(subject).kind).toBe('SOUND');
      }),
    );
  });

  test('is sound with a hash without 0x, checksummed recipients and what people were shown', () => {
    const manifestSha256 = request.manifestSha256.slice(2);
    const checksummed = own.rows.map((row) => ({ ...row, recipient: getAddress(row.recipient) }));
    const expected = { nonce: 4n, batchId: manifest.batchId, payoutCount: 3, total: 42_500_001n };
    expect(
      partsOf({ own: { ...own, rows: checksummed }, request: { ...request, manifestSha256 }, expected }),
    ).toBe('SOUND');
  });
});

describe('rows', () => {
  const stolen = rows.map((row, index) => (index === 1 ? { ...row, recipient: other } : row));

  test('that the server lists otherwise are named as in the file', () => {
    expect(check({ request: { ...request, listedRows: stolen } })).toMatchObject({
      kind: 'REFUSED',
      differentRowCount: 1,
      differences: [
        {
          what: 'ROW',
          source: 'LISTED_ROWS',
          row: 1 + FIRST_FILE_ROW,
          found: getAddress(other),
          sentence: `row 3: the recipient is ${getAddress(other)}, your file says ${getAddress(`0x${'a1'.repeat(20)}`)}`,
        },
      ],
    });
  });

  test('of a manifest that agrees with itself are named before all that follows from them', () => {
    const parts = partsOf({ request: { ...forged({}, stolen), listedRows: rows } });
    expect(parts).toEqual(['MANIFEST ROW 3', 'MANIFEST ROOT', 'TYPED_DATA DATA', 'REQUEST DIGEST']);
  });

  test('are compared with those that people were shown when there is no file', () => {
    const { rows: _, ...withoutFile } = own;
    expect(partsOf({ own: withoutFile, request: { ...request, listedRows: stolen } })).toEqual([
      'MANIFEST ROW 2',
    ]);
  });

  test('that are missing or too many are named', () => {
    expect(partsOf({ request: { ...request, listedRows: rows.slice(0, 2) } })).toEqual(['LISTED_ROWS ROW 4']);
    expect(partsOf({ request: { ...request, listedRows: [...rows, ...rows.slice(0, 1)] } })).toEqual([
      'LISTED_ROWS ROW 4',
    ]);
  });

  test('of a manifest that is not sound are named too', () => {
    const text = request.manifestText.replace('a1'.repeat(20), 'be'.repeat(20));
    expect(partsOf(withText(text))).toEqual(['MANIFEST ROW 3', 'MANIFEST ROOT']);
  });
});

describe('a request about something else, which agrees with itself', () => {
  test.each([
    [{ chainId: 1 }, 'MANIFEST CHAIN'],
    [{ payer: other }, 'MANIFEST SAFE'],
    [{ token: other }, 'MANIFEST TOKEN'],
    [{ tokenDecimals: 7 }, 'MANIFEST DECIMALS'],
    [{ tokenSymbol: 'USDT' }, 'MANIFEST SYMBOL'],
    [{ factory: other }, 'MANIFEST FACTORY'],
    [{ implementation: other }, 'MANIFEST IMPLEMENTATION'],
    [{ openBy: 1_900_000_000n, closeAfter: 1_900_000_000n }, 'MANIFEST OPEN_BY'],
    [{ closeAfter: 1_900_000_000n }, 'MANIFEST CLOSE_AFTER'],
  ] satisfies [Partial<typeof testTerms>, string][])('%o', (terms, part) => {
    expect(partsOf({ request: forged(terms) })).toContain(part);
  });

  test.each([
    [{ nonce: 5n }, 'REQUEST NONCE'],
    [{ batchId: `0x${'11'.repeat(32)}` as const }, 'MANIFEST BATCH'],
    [{ payoutCount: 4 }, 'MANIFEST PAYOUT_COUNT'],
    [{ total: 1n }, 'MANIFEST TOTAL'],
  ])('than people were shown: %o', (expected, part) => {
    expect(partsOf({ expected })).toEqual([part]);
  });
});

test('what other calldata does is said in words', () => {
  const { typedData } = forged({ closeAfter: testTerms.closeAfter + 1n });
  const checked = check({ request: { ...request, typedData } });
  expect(checked).toMatchObject({ kind: 'REFUSED', differences: [{ what: 'DATA' }] });
  expect(JSON.stringify(checked)).toContain('open’s closeAfter is 1800604801, expected 1800604800.');
});

test('dates that were changed in the manifest alone show in the digest', () => {
  const { manifestText } = forged({ openBy: testTerms.openBy - 1n });
  expect(partsOf(withText(manifestText))).toEqual(['TYPED_DATA DATA', 'REQUEST DIGEST']);
});

describe('one alteration of a sound request', () => {
  const field = fc.constantFrom(...Object.keys(request.typedData.message));
  const PART_OF: Record<string, string> = {
    to: 'TARGET',
    value: 'VALUE',
    data: 'DATA',
    operation: 'OPERATION',
    safeTxGas: 'SAFE_TX_GAS',
    baseGas: 'BASE_GAS',
    gasPrice: 'GAS_PRICE',
    gasToken: 'GAS_TOKEN',
    refundReceiver: 'REFUND',
    nonce: 'NONCE',
    chainId: 'CHAIN',
    verifyingContract: 'SAFE',
  };

  test('of a field of the typed data is refused and named, whatever it became', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          field.map((name) => ['message', name] as const),
          fc.constantFrom('chainId', 'verifyingContract').map((name) => ['domain', name] as const),
        ),
        fc.oneof(
          fc.bigInt({ min: 1n, max: 2n ** 160n }).map((value) => `0x${value.toString(16).padStart(40, '0')}`),
          fc.nat().map((value) => value + 1_000_000_000),
          fc.nat().map((value) => `${value + 1_000_000_000}`),
          fc.constantFrom(null, undefined, true, [], {}, '', '0x'),
        ),
        ([part, name], value) => {
          const typedData = structuredClone(request.typedData);
          typedData[part][name] = value;
          expect(partsOf({ request: { ...request, typedData } })).toEqual([`TYPED_DATA ${PART_OF[name]}`]);
        },
      ),
    );
  });

  test.each([
    ['an operation to another target', { operation: 1, to: other }, ['TARGET']],
    ['a plain call', { operation: 0 }, ['OPERATION']],
    ['a field more', { extra: 1 }, ['TYPED_DATA']],
    ['a prototype', JSON.parse('{"__proto__":{"to":"0x"}}'), ['TYPED_DATA']],
  ])('%s', (_name, changes, parts) => {
    const typedData = structuredClone(request.typedData);
    for (const [key, value] of Object.entries(changes)) {
      Object.defineProperty(typedData.message, key, { value, enumerable: true });
    }
    expect(partsOf({ request: { ...request, typedData } })).toEqual(
      parts.map((part) => `TYPED_DATA ${part}`),
    );
  });

  test('of the types or the primary type is refused', () => {
    const { types } = request.typedData;
    for (const changed of [
      { ...request.typedData, primaryType: 'Permit' },
      { ...request.typedData, types: { ...types, Permit: [] } },
      { ...request.typedData, types: { ...types, SafeTx: types.SafeTx?.slice(1) } },
      { ...request.typedData, types: { ...types, SafeTx: types.SafeTx?.toReversed() } },
      null,
      'typed data',
      [],
    ]) {
      const parts = partsOf({ request: { ...request, typedData: changed } });
      expect(new Set(parts)).toEqual(
        new Set(['TYPED_DATA TYPED_DATA', ...(Array.isArray(changed) ? parts : [])]),
      );
    }
  });

  test('of any character of the manifest is refused', () => {
    fc.assert(
      fc.property(
        fc.nat(request.manifestText.length - 1),
        fc.constantFrom('0', '7', 'b', '"', ' '),
        (at, by) => {
          const text = `${request.manifestText.slice(0, at)}${by}${request.manifestText.slice(at + 1)}`;
          fc.pre(text !== request.manifestText);
          // The hash on record is of the text that was there.
          expect(partsOf({ request: { ...request, manifestText: text } })).not.toBe('SOUND');
        },
      ),
    );
  });

  test('of the digest, the hash or the nonce is refused and named', () => {
    const digest = `0x${'cd'.repeat(32)}`;
    expect(partsOf({ request: { ...request, digest } })).toEqual(['REQUEST DIGEST']);
    const manifestSha256 = 'ef'.repeat(32);
    expect(partsOf({ request: { ...request, manifestSha256 } })).toEqual(['REQUEST MANIFEST_HASH']);
    expect(partsOf({ request: { ...request, nonce: 5n } })).toEqual(['TYPED_DATA NONCE', 'REQUEST DIGEST']);
  });

  test('of a row, in its list or in the manifest, is refused and named', () => {
    fc.assert(
      fc.property(
        arbitraryManifest,
        fc.nat(),
        fc.constantFrom<keyof PayoutRow>('recipient', 'units'),
        fc.boolean(),
        (drawn: Manifest, at, changedField, isListed) => {
          const sound = requestOf(drawn);
          const listed = sound.listedRows ?? [];
          const index = at % listed.length;
          const changed = listed.map((row, position) => {
            if (position !== index) return row;
            if (changedField === 'recipient') return { ...row, recipient: other };
            return { ...row, units: row.units === 1n ? 2n : row.units - 1n };
          });
          fc.pre(listed[index]?.recipient !== other || changedField === 'units');
          const tampered = isListed
            ? { ...sound, listedRows: changed }
            : { ...requestOf(manifestFromRows(testTerms, changed)), listedRows: listed };
          const parts = partsOf({ own: ownOf(drawn), request: tampered });
          expect(parts[0]).toBe(`${isListed ? 'LISTED_ROWS' : 'MANIFEST'} ROW ${index + FIRST_FILE_ROW}`);
        },
      ),
    );
  });
});

test('whatever is sent, it refuses and does not throw', () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.jsonValue(),
      fc.string(),
      fc.bigInt(),
      (manifestText, typedData, text, nonce) => {
        const broken = { digest: text, typedData, manifestText, manifestSha256: text, nonce };
        expect(partsOf({ request: broken })).not.toBe('SOUND');
        expect(partsOf({ request: { ...request, typedData } })).not.toBe('SOUND');
      },
    ),
  );
});
