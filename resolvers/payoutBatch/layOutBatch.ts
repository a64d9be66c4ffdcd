import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Address, Hex } from 'viem';
import { batchIdFromUuid } from '../../chains/evm/codec/batchIdFromUuid.ts';
import { chunkLeaf } from '../../chains/evm/codec/chunkLeaf.ts';
import { chunkRows } from '../../chains/evm/codec/chunkRows.ts';
import { chunkTree } from '../../chains/evm/codec/chunkTree.ts';
import { packRows } from '../../chains/evm/codec/packRows.ts';
import { DEFAULT_GAS_PER_PAYOUT, maxRowsPerChunk } from '../../chains/evm/codec/payoutGas.ts';
import type { PayoutRow } from '../../chains/evm/codec/payoutRow.ts';
import { vaultAddress } from '../../chains/evm/codec/vaultAddress.ts';
import type { BatchTarget } from './batchTarget.ts';

/** How a batch's rows lie on chain. Everything here follows from target, batch id and rows. */
export type BatchLayout = {
  readonly gasPerPayout: number;
  readonly rowsPerChunk: number;
  readonly chunks: readonly {
    readonly firstRowIndex: number;
    readonly rowCount: number;
    readonly totalUnits: bigint;
    readonly packedRows: Uint8Array;
  }[];
  readonly root: Hex;
  readonly vault: Address;
  readonly totalUnits: bigint;
};

/** Hashing a chunk of 200 rows takes about half a millisecond; other requests get their turn after so many. */
const CHUNKS_PER_TURN = 16;

/** Packs rows into chunks and hashes them. @throws CodecError when a row is one that no checked input can hold */
export async function layOutBatch(
  target: BatchTarget,
  uuid: string,
  rows: readonly PayoutRow[],
): Promise<BatchLayout> {
  const { payer, token, factory, implementation, eip155ChainId: chainId } = target;
  const batchId = batchIdFromUuid(uuid);
  const gasPerPayout = DEFAULT_GAS_PER_PAYOUT;
  const rowsPerChunk = maxRowsPerChunk(gasPerPayout);
  const chunks: BatchLayout['chunks'][number][] = [];
  const leaves: Hex[] = [];
  let firstRowIndex = 0;
  for (const [index, chunk] of chunkRows(rows, rowsPerChunk).entries()) {
    const packedRows = packRows(chunk);
    leaves.push(chunkLeaf({ chainId, factory, payer, batchId, token }, index, packedRows));
    const totalUnits = chunk.reduce((sum, row) => sum + row.units, 0n);
    chunks.push({ firstRowIndex, rowCount: chunk.length, totalUnits, packedRows });
    firstRowIndex += chunk.length;
    if (index % CHUNKS_PER_TURN === CHUNKS_PER_TURN - 1) await nextTurn();
  }
  return {
    gasPerPayout,
    rowsPerChunk,
    chunks,
    root: chunkTree(leaves).root,
    vault: vaultAddress({ payer, batchId, factory, implementation }),
    totalUnits: chunks.reduce((sum, chunk) => sum + chunk.totalUnits, 0n),
  };
}
