import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Address } from 'viem';
import { chunkRows } from '../chains/evm/codec/chunkRows.ts';
import { CodecError } from '../chains/evm/codec/codecError.ts';
import { decodeOpenIntent } from '../chains/evm/codec/decodeOpenIntent.ts';
import { packRows } from '../chains/evm/codec/packRows.ts';
import { type PayoutRow, ROW_BYTES } from '../chains/evm/codec/payoutRow.ts';
import { required } from '../core/errors.ts';
import type { Queryable } from '../prisma/database.ts';
import type { ApprovalRow } from '../transitions/approvalStatus.ts';
import { batchTerms } from '../transitions/batchTerms.ts';
import { safeTransactionOf } from '../transitions/requestApproval.ts';
import type { Blocker } from './blocker.ts';
import type { LoadedBatch } from './loadBatch.ts';

/** Rows that are read at once: a hundredth of a second of packing, then others have their turn. */
const ROWS_PER_PAGE = 5_000;

/**
 * Whether what is about to be opened is what the payouts' own rows say: the rows pack to the stored chunks, byte for
 * byte, and rows, terms and approved transaction are one intent with the digest that was signed. Null when they are. The
 * chain would refuse most of this anyway; here nothing is sent, and the first difference is named.
 */
export async function verifyRows(
  database: Queryable,
  loaded: LoadedBatch,
  approval: ApprovalRow,
): Promise<Blocker | null> {
  let chunks: Uint8Array[];
  try {
    chunks = await packBatch(database, loaded);
  } catch (error) {
    if (error instanceof CodecError) return mismatch(error.message);
    throw error;
  }
  const difference = await findDifference(database, loaded.batch.id, chunks);
  if (difference !== null) return mismatch(difference);
  const intent = decodeOpenIntent({
    chainId: loaded.chain.eip155ChainId,
    safe: loaded.safe,
    nonce: approval.safeNonce,
    transaction: safeTransactionOf(approval),
    manifest: { ...batchTerms(loaded.batch, loaded.place), chunks },
    pins: {
      factory: loaded.place.factory,
      implementation: loaded.place.implementation,
      token: loaded.token,
    },
  });
  if (intent.kind === 'UNKNOWN') return mismatch(intent.reasons.join(' '));
  if (intent.digest !== approval.digest) return mismatch('The approved digest is of another transaction.');
  return null;
}

function mismatch(reason: string): Blocker {
  return { code: 'ROWS_DO_NOT_MATCH', message: `Nothing was sent: ${reason}` };
}

/** The chunks that a batch's payouts make: 32 bytes each, and never all of their rows in memory. @throws CodecError */
async function packBatch(database: Queryable, { batch }: LoadedBatch): Promise<Uint8Array[]> {
  const rowsPerPage = Math.max(1, Math.floor(ROWS_PER_PAGE / batch.rowsPerChunk)) * batch.rowsPerChunk;
  const chunks: Uint8Array[] = [];
  for (let firstRow = 0; ; firstRow += rowsPerPage) {
    const rows = await readRows(database, batch.id, firstRow, rowsPerPage);
    if (rows.length > 0) chunks.push(...chunkRows(rows, batch.rowsPerChunk).map(packRows));
    if (rows.length < rowsPerPage) return chunks;
    await nextTurn();
  }
}

async function readRows(
  database: Queryable,
  batchId: string,
  firstRow: number,
  limit: number,
): Promise<PayoutRow[]> {
  const rows = await database
    .selectFrom('payout')
    .select(['recipient', 'units'])
    .where('batchId', '=', batchId)
    .where('rowIndex', '>=', firstRow)
    .orderBy('rowIndex')
    .limit(limit)
    .execute();
  return rows.map(({ recipient, units }) => ({ recipient: recipient as Address, units }));
}

/** The first payout, counted from 1, whose row is not in its chunk as it stands. */
async function findDifference(
  database: Queryable,
  batchId: string,
  chunks: readonly Uint8Array[],
): Promise<string | null> {
  const stored = await database
    .selectFrom('payoutChunk')
    .select(['packedRows', 'firstRowIndex'])
    .where('batchId', '=', batchId)
    .orderBy('chunkIndex')
    .execute();
  if (stored.length !== chunks.length) {
    return `the payouts make ${chunks.length} chunks, ${stored.length} are stored.`;
  }
  let firstRowIndex = 0;
  for (const [index, packed] of chunks.entries()) {
    const chunk = required(stored[index], 'The stored chunk');
    const row = firstDifferentRow(packed, chunk.packedRows);
    if (row !== null) return `payout ${firstRowIndex + row + 1} differs from its packed chunk.`;
    if (chunk.firstRowIndex !== firstRowIndex)
      return `chunk ${index} does not begin where the last one ends.`;
    firstRowIndex += packed.length / ROW_BYTES;
  }
  return null;
}

function firstDifferentRow(packed: Uint8Array, stored: Buffer): number | null {
  if (stored.equals(packed)) return null;
  for (let row = 0; row < packed.length / ROW_BYTES; row += 1) {
    const [start, end] = [row * ROW_BYTES, (row + 1) * ROW_BYTES];
    if (!stored.subarray(start, end).equals(packed.subarray(start, end))) return row;
  }
  return packed.length / ROW_BYTES;
}
