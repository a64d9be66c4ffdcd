import { payoutLimits } from '../../../contracts/abi/limits.ts';
import { MAX_PAYOUTS_PER_BATCH } from '../../../core/limits.ts';
import { CodecError } from './codecError.ts';
import { MAX_ROWS_PER_CHUNK, ROW_BYTES } from './payoutRow.ts';

/** The most gas that one transaction may use (EIP-7825). */
export const MAX_TRANSACTION_GAS = 16_777_216n;

/**
 * Gas that each payout's token call gets unless an organization chose otherwise: half as much again as the first
 * transfer to a new holder of a token behind a proxy (see PayoutLimits), and 200 rows still fit a chunk.
 */
export const DEFAULT_GAS_PER_PAYOUT = 70_000;

/** No batch has more chunks than it has payouts, or than the vault's factory accepts. */
export const MAX_CHUNKS_PER_BATCH = Math.min(MAX_PAYOUTS_PER_BATCH, payoutLimits.maxChunkCount);

/** Elements of the longest proof. */
export const MAX_PROOF_LENGTH = Math.ceil(Math.log2(MAX_CHUNKS_PER_BATCH));

const TRANSACTION_GAS = 21_000n;
const CALLDATA_BYTE_GAS = 16n;
const CALLDATA_FLOOR_BYTE_GAS = 40n; // EIP-7623, all bytes non-zero

/** Calldata of the longest transaction that pays: a retry of a full chunk, with the longest proof. */
export const MAX_CALLDATA_BYTES = calldataLength(MAX_ROWS_PER_CHUNK, MAX_PROOF_LENGTH, 5);

type ChunkGas = { readonly rowCount: number; readonly gasPerPayout: number; readonly proofLength: number };

/**
 * The gas limit of `PayoutVault.execute` at which every row can use all of its gas and the contract's check before each
 * row still holds. Computed, never estimated: an estimator settles on an amount at which rows fail and the call still
 * succeeds. What is not used is not charged.
 *
 * @throws CodecError when a count is out of bounds or the limit is over what a transaction may use
 */
export function executeGasLimit(chunk: ChunkGas): bigint {
  checkChunk(chunk);
  return withinTransaction(callGas(chunk, chunk.rowCount, 4));
}

/**
 * The gas limit of `PayoutVault.retry` for `retriedCount` of a chunk's rows; all rows are in the calldata.
 *
 * @throws CodecError as executeGasLimit
 */
export function retryGasLimit(chunk: ChunkGas & { readonly retriedCount: number }): bigint {
  checkChunk(chunk);
  checkCount('retriedCount', chunk.retriedCount, 1, chunk.rowCount);
  return withinTransaction(callGas(chunk, chunk.retriedCount, 5));
}

/**
 * How many rows of a batch go into a chunk: at most 200, fewer where the worst case of that many would not fit a
 * transaction with the longest proof. The rule by which everybody cuts a batch.
 *
 * @throws CodecError when `gasPerPayout` is outside the factory's bounds
 */
export function maxRowsPerChunk(gasPerPayout: number): number {
  for (let rowCount = MAX_ROWS_PER_CHUNK; rowCount >= 1; rowCount -= 1) {
    const chunk = { rowCount, gasPerPayout, proofLength: MAX_PROOF_LENGTH };
    checkChunk(chunk);
    if (callGas(chunk, rowCount, 5) <= MAX_TRANSACTION_GAS) return rowCount;
  }
  throw new CodecError('gasPerPayout', `${gasPerPayout} is more than one transaction can give a row.`);
}

/** Gas of a call that pays `paidCount` of the chunk's rows, with a head of `headWords` in its calldata. */
function callGas(
  { rowCount, gasPerPayout, proofLength }: ChunkGas,
  paidCount: number,
  headWords: number,
): bigint {
  const calldataBytes = BigInt(calldataLength(rowCount, proofLength, headWords));
  const rowGas = BigInt(paidCount * (gasPerPayout + payoutLimits.rowOverheadGas));
  const skippedGas = BigInt((rowCount - paidCount) * payoutLimits.skippedRowGas);
  // EIP-150 keeps 1/64 back twice: before the last row's call, and from the clone to its implementation.
  const lastRowReserve = BigInt(Math.ceil(gasPerPayout / 63) + payoutLimits.callReserveGas);
  const insideVault = BigInt(payoutLimits.chunkOverheadGas) + rowGas + skippedGas + lastRowReserve;
  const outside = (insideVault * 64n) / 63n + 1n;
  const floor = TRANSACTION_GAS + calldataBytes * CALLDATA_FLOOR_BYTE_GAS;
  const total = TRANSACTION_GAS + calldataBytes * CALLDATA_BYTE_GAS + outside;
  return total > floor ? total : floor;
}

function calldataLength(rowCount: number, proofLength: number, headWords: number): number {
  return 4 + (headWords + 1 + proofLength) * 32 + rowCount * ROW_BYTES;
}

function checkChunk({ rowCount, gasPerPayout, proofLength }: ChunkGas): void {
  checkCount('rowCount', rowCount, 1, MAX_ROWS_PER_CHUNK);
  checkCount('gasPerPayout', gasPerPayout, payoutLimits.minGasPerPayout, payoutLimits.maxGasPerPayout);
  checkCount('proofLength', proofLength, 0, MAX_PROOF_LENGTH);
}

function checkCount(field: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new CodecError(field, `expected ${minimum} to ${maximum}, found ${value}.`);
  }
}

function withinTransaction(gas: bigint): bigint {
  if (gas <= MAX_TRANSACTION_GAS) return gas;
  throw new CodecError(
    'gasPerPayout',
    `the chunk may need ${gas} gas, a transaction has at most ${MAX_TRANSACTION_GAS}.`,
  );
}
