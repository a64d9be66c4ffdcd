import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payoutLimits } from '../../../contracts/abi/limits.ts';
import {
  DEFAULT_GAS_PER_PAYOUT,
  executeGasLimit,
  MAX_PROOF_LENGTH,
  MAX_TRANSACTION_GAS,
  maxRowsPerChunk,
  retryGasLimit,
} from './payoutGas.ts';

const arbitraryGas = fc.integer({ min: payoutLimits.minGasPerPayout, max: payoutLimits.maxGasPerPayout });

/** The contract's arithmetic at worst: every row burns its share, and before each the vault asks whether enough is left. */
function paysEveryRow(
  gasLimit: bigint,
  rowCount: number,
  gasPerPayout: number,
  calldataBytes: number,
): boolean {
  const intrinsic = 21_000 + 16 * calldataBytes;
  let left = Math.floor(((Number(gasLimit) - intrinsic) * 63) / 64) - payoutLimits.chunkOverheadGas;
  for (let row = 0; row < rowCount; row += 1) {
    left -= payoutLimits.rowOverheadGas;
    if (left < Math.floor((gasPerPayout * 64) / 63) + payoutLimits.callReserveGas) return false;
    left -= gasPerPayout;
  }
  return true;
}

describe('executeGasLimit', () => {
  test('is enough when every row burns all it is given', () => {
    fc.assert(
      fc.property(arbitraryGas, fc.nat(), fc.nat(MAX_PROOF_LENGTH), (gasPerPayout, pick, proofLength) => {
        const rowCount = 1 + (pick % maxRowsPerChunk(gasPerPayout));
        const limit = executeGasLimit({ rowCount, gasPerPayout, proofLength });
        const calldataBytes = 4 + 32 * (5 + proofLength + rowCount);
        expect(limit).toBeLessThanOrEqual(MAX_TRANSACTION_GAS);
        expect(paysEveryRow(limit, rowCount, gasPerPayout, calldataBytes)).toBe(true);
      }),
    );
  });

  test('the default lets 200 rows into a chunk', () => {
    expect(maxRowsPerChunk(DEFAULT_GAS_PER_PAYOUT)).toBe(200);
  });

  test('fewer rows fit as a row gets more, down to one', () => {
    expect(maxRowsPerChunk(160_000)).toBeLessThan(110);
    expect(maxRowsPerChunk(payoutLimits.maxGasPerPayout)).toBe(1);
    const rowCount = maxRowsPerChunk(160_000) + 1;
    expect(() => executeGasLimit({ rowCount, gasPerPayout: 160_000, proofLength: MAX_PROOF_LENGTH })).toThrow(
      'gasPerPayout',
    );
  });

  test.each([
    { rowCount: 0, gasPerPayout: 70_000, proofLength: 0, field: 'rowCount' },
    { rowCount: 201, gasPerPayout: 70_000, proofLength: 0, field: 'rowCount' },
    { rowCount: 1, gasPerPayout: payoutLimits.minGasPerPayout - 1, proofLength: 0, field: 'gasPerPayout' },
    { rowCount: 1, gasPerPayout: payoutLimits.maxGasPerPayout + 1, proofLength: 0, field: 'gasPerPayout' },
    { rowCount: 1, gasPerPayout: 70_000, proofLength: MAX_PROOF_LENGTH + 1, field: 'proofLength' },
  ])('refuses $field out of bounds', ({ field, ...chunk }) => {
    expect(() => executeGasLimit(chunk)).toThrow(expect.objectContaining({ field }));
  });
});

describe('retryGasLimit', () => {
  test('covers the retried rows and fits wherever the chunk did', () => {
    fc.assert(
      fc.property(
        arbitraryGas,
        fc.nat(),
        fc.nat(),
        fc.nat(MAX_PROOF_LENGTH),
        (gasPerPayout, pick, pickRetried, proofLength) => {
          const rowCount = 1 + (pick % maxRowsPerChunk(gasPerPayout));
          const retriedCount = 1 + (pickRetried % rowCount);
          const limit = retryGasLimit({ rowCount, gasPerPayout, proofLength, retriedCount });
          const calldataBytes = 4 + 32 * (6 + proofLength + rowCount);
          expect(paysEveryRow(limit, retriedCount, gasPerPayout, calldataBytes)).toBe(true);
        },
      ),
    );
  });

  test('refuses more retried rows than there are', () => {
    const chunk = { rowCount: 3, gasPerPayout: 70_000, proofLength: 0, retriedCount: 4 };
    expect(() => retryGasLimit(chunk)).toThrow(expect.objectContaining({ field: 'retriedCount' }));
  });
});
