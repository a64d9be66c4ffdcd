import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { findPause } from './findPause.ts';
import type { PayoutEngine } from './payoutEngine.ts';

/**
 * Whether a pause holds a batch; the log says so once. It is no blocker of the batch's own: the API tells pauses as they
 * are, and the engine's last word stands until it has another.
 */
export async function isPaused(engine: PayoutEngine, batch: PayoutBatchRow): Promise<boolean> {
  const scope = await findPause(engine.log.database, batch);
  if (engine.pausesTold.isNew(batch.id, scope)) {
    engine.logger.info({ blocker: 'PAUSED', scope }, 'the batch is held');
  }
  return scope !== null;
}
