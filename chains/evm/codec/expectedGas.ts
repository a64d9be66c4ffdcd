import { ROW_BYTES } from './payoutRow.ts';

// What a batch's transactions are expected to use: measured, unlike their limits, which are for the worst case. Every
// recipient is taken for a new holder of a token with a blocklist: most batches cost less.

/** With one signature. An account's first opening costs most: 270,747 with two; 253,600 later. */
const OPEN_GAS = 265_000n;
const GAS_PER_FURTHER_SIGNATURE = 6_500n;
/** Of a chunk besides its rows: the transaction itself, its proof, and the vault's mark that it is executed. 96,400 with one row. */
const CHUNK_GAS = 68_000n;
const ROW_GAS = 29_000n;
const OPEN_BYTES = 1_500;
const BYTES_PER_SIGNATURE = 65;
const CHUNK_BYTES = 350;
const PROOF_ELEMENT_BYTES = 32;

/** How a batch is laid out. */
export type ExpectedBatch = {
  readonly payoutCount: number;
  readonly chunkCount: number;
  /** Signatures that its opening carries. */
  readonly threshold: number;
};

/** Gas of a batch's opening and of all its chunks, and how long they are together. */
export function expectedUse(batch: ExpectedBatch): { gas: bigint; byteCount: bigint } {
  const { payoutCount, chunkCount, threshold } = batch;
  const signatures = BigInt(Math.max(0, threshold - 1));
  const proofLength = Math.ceil(Math.log2(Math.max(1, chunkCount)));
  const chunkBytes = CHUNK_BYTES + proofLength * PROOF_ELEMENT_BYTES;
  return {
    gas:
      OPEN_GAS +
      GAS_PER_FURTHER_SIGNATURE * signatures +
      CHUNK_GAS * BigInt(chunkCount) +
      ROW_GAS * BigInt(payoutCount),
    byteCount: BigInt(
      OPEN_BYTES + threshold * BYTES_PER_SIGNATURE + chunkCount * chunkBytes + payoutCount * ROW_BYTES,
    ),
  };
}
