import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testPins, testTerms } from './arbitraryBatch.testkit.ts';
import { checkCloseRequest } from './checkCloseRequest.ts';
import { closeTransaction } from './closeTransaction.ts';
import { other } from './openIntentExample.testkit.ts';
import type { ServedTypedData } from './openRequestExample.testkit.ts';
import { safeTransactionHash, safeTypedData } from './safeTransaction.ts';
import { vaultAddress } from './vaultAddress.ts';

const { chainId, payer: safe, batchId } = testTerms;
const own = { ...testPins, chainId, safe, batchId };

function requestOf(vault = vaultAddress(testTerms), nonce = 9n) {
  const transaction = closeTransaction({ vault, nonce });
  const typedData = JSON.parse(JSON.stringify(safeTypedData({ chainId, safe }, transaction)));
  return {
    digest: safeTransactionHash({ chainId, safe }, transaction),
    typedData: typedData as ServedTypedData,
    nonce,
  };
}

const request = requestOf();
const partsOf = (changes: Partial<Parameters<typeof checkCloseRequest>[0]>) => {
  const checked = checkCloseRequest({ own, request, ...changes });
  return checked.kind === 'SOUND' ? 'SOUND' : checked.differences.map(({ what }) => what);
};

test('a sound closing is told, and what is to be signed was computed here', () => {
  const checked = checkCloseRequest({ own, request, expected: { nonce: 9n } });
  expect(checked).toMatchObject({
    kind: 'SOUND',
    digest: request.digest,
    typedData: request.typedData,
    intent: { kind: 'PAYOUT_CLOSE', vault: vaultAddress(testTerms) },
  });
});

test('another vault, batch, nonce or digest is refused and named', () => {
  expect(partsOf({ request: requestOf(other) })).toEqual(['TARGET', 'DIGEST']);
  expect(partsOf({ own: { ...own, batchId: `0x${'11'.repeat(32)}` } })).toEqual(['TARGET', 'DIGEST']);
  expect(partsOf({ expected: { nonce: 8n } })).toEqual(['NONCE']);
  expect(partsOf({ request: { ...request, digest: '0x' } })).toEqual(['DIGEST']);
  expect(partsOf({ own: { ...own, batchId: '0x' } })).not.toBe('SOUND');
});

test('any other field of the typed data is refused', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(request.typedData.message)),
      fc.oneof(fc.jsonValue(), fc.constant(other)),
      (field, value) => {
        // An object is never the value, and may have no text: { toString: '' }.
        const isObject = typeof value === 'object';
        fc.pre(isObject || `${value}`.toLowerCase() !== `${request.typedData.message[field]}`.toLowerCase());
        const typedData = { ...request.typedData, message: { ...request.typedData.message, [field]: value } };
        expect(partsOf({ request: { ...request, typedData } })).toHaveLength(1);
      },
    ),
    { examples: [['to', { toString: '' }]] },
  );
});
