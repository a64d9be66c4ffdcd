import { MAX_TRANSACTION_GAS } from '../chains/evm/codec/payoutGas.ts';
import { required } from '../core/errors.ts';
import { unitOfWork } from '../events/unitOfWork.ts';
import { unixSeconds } from '../transitions/batchTerms.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import { type Blocker, ROWS_DO_NOT_MATCH } from './blocker.ts';
import { broadcast } from './broadcast.ts';
import { retryDraft } from './chunkDraft.ts';
import { loadChunkTree } from './chunkTrees.ts';
import { isHeld } from './isHeld.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { findOwingChunks } from './owingChunks.ts';
import { clientOf, type PayoutEngine } from './payoutEngine.ts';
import { lockLane, signNext } from './relayer/lane.ts';
import { readLaneOrBlocker } from './sendOnce.ts';

const MAX_RETRIED_CHUNKS_PER_JOB = 32;

/**
 * Tries the rows that an open batch owes once more when their chunk's block is final: whoever kept them from being paid
 * may have mended it. Not once anybody may close the vault.
 * @returns what keeps it from that, or null
 * @throws viem's errors when the node does not answer
 */
export async function retryOwed(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch, chain } = loaded;
  const { database } = engine.log;
  if (batch.undeliveredCount === 0) return null;
  if ((await findOwingChunks(database, batch.id, 1)).length === 0) return null;
  const head = await clientOf(engine, chain.eip155ChainId).getBlock({ blockTag: 'latest' });
  if (head.timestamp >= unixSeconds(required(batch.closeAfter, 'closeAfter'))) return null;
  const tree = await loadChunkTree(database, loaded);
  if (tree === null) return ROWS_DO_NOT_MATCH;
  const lane = await readLaneOrBlocker(engine, chain, MAX_TRANSACTION_GAS);
  if ('code' in lane) return lane;
  const { value } = await unitOfWork(engine.log, async (work) => {
    const current = await lockPayoutBatch(work.database, batch.id);
    if (current?.status !== 'EXECUTING' || current.closedAtBlock !== null)
      return { signed: [], altered: false };
    if (await isHeld(work.database, current)) return { signed: [], altered: false };
    const locked = await lockLane(work.database, lane);
    const room = Math.min(locked.room, MAX_RETRIED_CHUNKS_PER_JOB);
    // Read under the batch's lock: another worker may have signed since.
    const owing = room === 0 ? [] : await findOwingChunks(work.database, batch.id, room);
    const drafts = owing.flatMap((chunk) => retryDraft(loaded, tree, chunk) ?? []);
    const signed = drafts.length === 0 ? [] : await signNext(work.database, locked, drafts);
    return { signed, altered: drafts.length < owing.length };
  });
  await broadcast(engine, lane.client, value.signed);
  return value.altered ? ROWS_DO_NOT_MATCH : null;
}
