import type { Blocker } from './blocker.ts';
import { noteBlocker } from './blocker.ts';
import { closeAsAnybody, closeAsApproved } from './closeBatch.ts';
import { CLOSE_ASKED, isCloseAsked } from './isHeld.ts';
import { isPaused } from './isPaused.ts';
import { type LoadedBatch, loadBatch } from './loadBatch.ts';
import { withFields } from './logFields.ts';
import { findApproval, openBatch } from './openBatch.ts';
import { type PayoutEngine, requireNodes } from './payoutEngine.ts';
import { releaseChunks } from './releaseChunks.ts';
import { retryOwed } from './retryOwed.ts';
import { sendChunks } from './sendChunks.ts';

/**
 * The job `batch.advance`: looks at a batch in the database and does what is next for it, if anything. It may run at any
 * time, any number of times, in several workers at once: what it finds done or under way it leaves alone.
 * @throws NodesUnavailableError, viem's errors when the node does not answer; the job is tried again
 */
export async function advanceBatch(worker: PayoutEngine, batchId: string): Promise<void> {
  const loaded = await loadBatch(worker.log.database, batchId);
  if (loaded === null) return;
  const { organizationId } = loaded.batch;
  const chain = `eip155:${loaded.chain.eip155ChainId}`;
  const engine = withFields(worker, { organizationId, batchId, chain });
  requireNodes(engine, loaded.chain.eip155ChainId);
  await releaseChunks(engine, loaded);
  switch (loaded.batch.status) {
    case 'APPROVED':
      if (await isPaused(engine, loaded.batch)) return;
      return noteBlocker(engine, loaded.batch, await openBatch(engine, loaded));
    case 'EXECUTING':
      return noteBlocker(engine, loaded.batch, await executeBatch(engine, loaded));
    case 'COMPLETED':
      return noteBlocker(engine, loaded.batch, await closeCompleted(engine, loaded));
    default:
      // Others decide: approvers, or the chain.
      return;
  }
}

/**
 * A close that has all its signatures is executed though nothing is left to stop: it has its nonce, and what comes behind
 * it waits. Without one a donation may be left in the vault; that it stays there holds nobody.
 */
async function closeCompleted(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null> {
  const { batch } = loaded;
  if (batch.closedAtBlock !== null) return null;
  const close = await findApproval(engine.log.database, batch.id, 'PAYOUT_CLOSE');
  if (close !== null) return closeAsApproved(engine, loaded, close);
  await closeAsAnybody(engine, loaded);
  return null;
}

async function executeBatch(engine: PayoutEngine, loaded: LoadedBatch): Promise<Blocker | null | undefined> {
  const { batch } = loaded;
  const { database } = engine.log;
  if (batch.openedAtBlock === null || batch.closedAtBlock !== null) return null;
  const close = await findApproval(database, batch.id, 'PAYOUT_CLOSE');
  // The owners want it stopped: no further chunk goes out.
  if (close !== null) return closeAsApproved(engine, loaded, close);
  // A close that the owners signed is no payment: a pause does not hold it.
  if (await isPaused(engine, batch)) return undefined;
  const isClosing = await isCloseAsked(database, batch.id);
  const held = isClosing ? CLOSE_ASKED : await sendChunks(engine, loaded);
  const owing = isClosing ? null : await retryOwed(engine, loaded);
  const unclosed = await closeAsAnybody(engine, loaded);
  return held ?? owing ?? unclosed;
}
