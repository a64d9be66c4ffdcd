import type { ChunkTree } from '../chains/evm/codec/chunkTree.ts';
import { MAX_TRANSACTION_GAS } from '../chains/evm/codec/payoutGas.ts';
import { required } from '../core/errors.ts';
import { type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction, Queryable } from '../prisma/database.ts';
import { submitChunks } from '../transitions/moveChunks.ts';
import { lockPayoutBatch } from '../transitions/payoutBatchStatus.ts';
import { settleBatch } from '../transitions/settleBatch.ts';
import { type Blocker, ROWS_DO_NOT_MATCH } from './blocker.ts';
import { broadcast } from './broadcast.ts';
import { chunkDraft } from './chunkDraft.ts';
import { loadChunkTree } from './chunkTrees.ts';
import { clearSuspects } from './clearSuspects.ts';
import { readFinality } from './finality.ts';
import type { LoadedBatch } from './loadBatch.ts';
import type { PayoutEngine } from './payoutEngine.ts';
import { findPendingChunks } from './pendingChunks.ts';
import { type Lane, lockLane, type SignedTransaction, signNext } from './relayer/lane.ts';
import { hasEndedChunks, releaseChunks } from './releaseChunks.ts';
import { readLaneOrBlocker } from './sendOnce.ts';

/** With full chunks 12,800 payouts: what a block of the fastest chains takes. */
export const MAX_IN_FLIGHT_CHUNKS_PER_BATCH = 64;

/** Sends the next chunks of an open batch, as many as the window has room for. @returns what holds chunks back, or null */
export async function sendChunks(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch, chain } = loaded;
  const { database } = engine.log;
  await release(engine, loaded);
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

async function release(engine: PayoutEngine, { batch, chain }: LoadedBatch): Promise<void> {
  if (!(await hasEndedChunks(engine.log.database, batch.id))) return;
  const finality = await readFinality(engine, chain);
  await unitOfWork(engine.log, async (work) => {
    const current = await lockPayoutBatch(work.database, batch.id);
    if (current?.status === 'EXECUTING') await releaseChunks(work, batch.id, finality);
  });
}

type SignedChunks = { readonly signed: readonly SignedTransaction[]; readonly altered: boolean };
const NOTHING: SignedChunks = { signed: [], altered: false };

/** One database transaction: nonces, signed bytes, chunks SUBMITTED, what subscribers are told. */
async function signChunks(
  work: UnitOfWork,
  loaded: LoadedBatch,
  tree: ChunkTree,
  lane: Lane,
  cleared: readonly number[],
): Promise<SignedChunks> {
  const { database } = work;
  const batch = await lockPayoutBatch(database, loaded.batch.id);
  if (batch?.status !== 'EXECUTING' || batch.openedAtBlock === null || batch.closedAtBlock !== null) {
    return NOTHING;
  }
  const locked = await lockLane(database, lane);
  const window = MAX_IN_FLIGHT_CHUNKS_PER_BATCH - (await countInFlight(database, batch.id));
  const room = Math.min(locked.room, window);
  if (room <= 0) return NOTHING;
  const pending = await findPendingChunks(database, batch.id, cleared, room);
  const chunks = pending.flatMap((chunk) => {
    const draft = chunkDraft(loaded, tree, chunk);
    return draft === null ? [] : [{ ...chunk, draft }];
  });
  const altered = chunks.length < pending.length;
  if (chunks.length === 0) return { signed: [], altered };
  const signed = await signNext(
    database,
    locked,
    chunks.map(({ draft }) => draft),
  );
  await submitChunks(
    database,
    batch.id,
    chunks.map(({ chunkIndex }, index) => ({
      chunkIndex,
      transactionId: required(signed[index], 'The chunk’s transaction').id,
    })),
  );
  await settleBatch(work, {
    batchId: batch.id,
    reorged: false,
    changes: chunks.map(({ firstRowIndex, rowCount }, index) => ({
      firstIndex: firstRowIndex,
      lastIndex: firstRowIndex + rowCount - 1,
      status: 'SUBMITTED',
      transactionId: signed[index]?.id ?? null,
    })),
  });
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

async function countInFlight(database: DatabaseTransaction, batchId: string): Promise<number> {
  const { count } = await database
    .selectFrom('payoutChunk')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('batchId', '=', batchId)
    .where('status', '=', 'SUBMITTED')
    .executeTakeFirstOrThrow();
  return Number(count);
}
