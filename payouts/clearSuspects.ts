import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { type Blocker, ROWS_DO_NOT_MATCH } from './blocker.ts';
import { chunkDraft } from './chunkDraft.ts';
import type { StoredTree } from './chunkTrees.ts';
import { type EndedTransaction, type Finality, isOverForGood, readFinality } from './finality.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { chainOf, type PayoutEngine } from './payoutEngine.ts';
import { findSuspectChunks, type SuspectChunk } from './pendingChunks.ts';
import type { Lane } from './relayer/lane.ts';
import { MAX_FAILED_ATTEMPTS } from './sendOnce.ts';
import { simulate } from './simulate.ts';

const MAX_SUSPECT_CHUNKS_PER_JOB = 64;

/** Which suspects may be sent again, and what holds the first of the others; null where only time does. */
export type Suspects = { readonly cleared: readonly number[]; readonly blocker: Blocker | null };

/**
 * Chunks whose transaction was undone by the chain, or lost its nonce: they are sent again once that is final, and only if
 * it would not happen again. Until then a reorg may still run the one that there is.
 */
export async function clearSuspects(
  engine: PayoutEngine,
  loaded: LoadedBatch,
  tree: StoredTree,
  lane: Lane,
): Promise<Suspects> {
  const suspects = await findSuspectChunks(engine.log.database, loaded.batch.id, MAX_SUSPECT_CHUNKS_PER_JOB);
  if (suspects.length === 0) return { cleared: [], blocker: null };
  const finality = await readFinality(engine, loaded.chain);
  const verdicts = await Promise.all(
    suspects.map((chunk) => judge(engine, loaded, tree, lane, chunk, finality)),
  );
  const cleared = suspects.flatMap(({ chunkIndex }, index) =>
    verdicts[index] === 'SEND' ? [chunkIndex] : [],
  );
  const blockers = verdicts.flatMap((verdict) => (typeof verdict === 'string' ? [] : [verdict]));
  return { cleared, blocker: blockers[0] ?? null };
}

/** Whether it used its nonce for nothing while the batch was open: what ran before that is no sign of anything. */
function hasFailed({ status, blockNumber }: EndedTransaction, { openedAtBlock }: PayoutBatchRow): boolean {
  return (
    status !== 'REPLACED' && blockNumber !== null && openedAtBlock !== null && blockNumber >= openedAtBlock
  );
}

async function judge(
  engine: PayoutEngine,
  loaded: LoadedBatch,
  tree: StoredTree,
  lane: Lane,
  chunk: SuspectChunk,
  finality: Finality,
): Promise<'SEND' | 'WAIT' | Blocker> {
  if (!chunk.ended.every((transaction) => isOverForGood(transaction, finality))) return 'WAIT';
  if (chunk.ended.every(({ status }) => status === 'REPLACED')) return 'SEND';
  const failed = chunk.ended.filter((transaction) => hasFailed(transaction, loaded.batch)).length;
  const payouts = `Payouts ${chunk.firstRowIndex + 1} to ${chunk.firstRowIndex + chunk.rowCount}`;
  if (failed >= MAX_FAILED_ATTEMPTS) {
    return {
      code: 'FAILED_TOO_OFTEN',
      message: `${payouts}: their transaction came to nothing ${failed} times; it is not sent again.`,
    };
  }
  const draft = chunkDraft(loaded, tree, chunk);
  if (draft === null) return ROWS_DO_NOT_MATCH;
  const refusal = await simulate(chainOf(engine, loaded.chain.eip155ChainId), {
    from: lane.key.address,
    ...draft,
  });
  if (refusal === null) return 'SEND';
  return {
    code: 'WOULD_REVERT',
    message: `${payouts}: the chain would undo their transaction (${refusal}).`,
  };
}
