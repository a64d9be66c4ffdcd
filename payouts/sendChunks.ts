import { MAX_TRANSACTION_GAS } from '../chains/evm/codec/payoutGas.ts';
import { type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { Queryable } from '../prisma/database.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import { type Blocker, ROWS_DO_NOT_MATCH } from './blocker.ts';
import { broadcast } from './broadcast.ts';
import { draftChunks, noteSigned } from './chunkTransactions.ts';
import { loadChunkTree, type StoredTree } from './chunkTrees.ts';
import { chunkWindow } from './chunkWindow.ts';
import { clearSuspects } from './clearSuspects.ts';
import { isHeld } from './isHeld.ts';
import type { LoadedBatch } from './loadBatch.ts';
import type { PayoutEngine } from './payoutEngine.ts';
import { findPendingChunks } from './pendingChunks.ts';
import { type Lane, lockLane, type SignedTransaction, signNext } from './relayer/lane.ts';
import { readLaneOrBlocker } from './sendOnce.ts';

/** A tenth of a second of signing, about. What is left of a batch goes on behind other batches' jobs. */
const MAX_CHUNKS_PER_JOB = 32;

/** Sends the next chunks of an open batch, as many as the window has room for. @returns what holds chunks back, or null */
export async function sendChunks(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch, chain } = loaded;
  const { database } = engine.log;
  if (!(await hasPending(database, batch.id))) return null;
  const tree = await loadChunkTree(database, loaded);
  if (tree === null) return ROWS_DO_NOT_MATCH;
  const lane = await readLaneOrBlocker(engine, chain, MAX_TRANSACTION_GAS);
  if ('code' in lane) return lane;
  const suspects = await clearSuspects(engine, loaded, tree, lane);
  const { value } = await unitOfWork(engine.log, (work) =>
    signChunks(work, loaded, tree, lane, suspects.cleared),
  );
  await broadcast(engine, lane.client, value.signed);
  return suspects.blocker ?? (value.altered ? ROWS_DO_NOT_MATCH : null);
}

type SignedChunks = { readonly signed: readonly SignedTransaction[]; readonly altered: boolean };
const NOTHING: SignedChunks = { signed: [], altered: false };

/** One database transaction: nonces, signed bytes, chunks SUBMITTED, what subscribers are told, the next job. */
async function signChunks(
  work: UnitOfWork,
  loaded: LoadedBatch,
  tree: StoredTree,
  lane: Lane,
  cleared: readonly number[],
): Promise<SignedChunks> {
  const { database } = work;
  const batch = await lockPayoutBatch(database, loaded.batch.id);
  if (batch?.status !== 'EXECUTING' || batch.openedAtBlock === null || batch.closedAtBlock !== null) {
    return NOTHING;
  }
  if (await isHeld(database, batch)) return NOTHING;
  const locked = await lockLane(database, lane);
  const window = await chunkWindow(database, batch, locked);
  if (window <= 0) return NOTHING;
  const pending = await findPendingChunks(database, batch.id, cleared, Math.min(window, MAX_CHUNKS_PER_JOB));
  const { chunks, altered } = draftChunks(loaded, tree, pending);
  const signed =
    chunks.length === 0
      ? []
      : await signNext(
          database,
          locked,
          chunks.map(({ draft }) => draft),
        );
  await noteSigned(work, batch.id, chunks, signed);
  if (pending.length === MAX_CHUNKS_PER_JOB && !altered) {
    await work.enqueue('batch.advance', { batchId: batch.id }, batch.id);
  }
  return { signed, altered };
}

async function hasPending(database: Queryable, batchId: string): Promise<boolean> {
  const chunk = await database
    .selectFrom('payoutChunk')
    .select('chunkIndex')
    .where('batchId', '=', batchId)
    .where('status', '=', 'PENDING')
    .limit(1)
    .executeTakeFirst();
  return chunk !== undefined;
}
