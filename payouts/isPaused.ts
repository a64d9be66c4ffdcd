import type { PauseScope } from '../prisma/generated/database.ts';
import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';
import { findPause } from './findPause.ts';
import type { PayoutEngine } from './payoutEngine.ts';

const MAX_REMEMBERED = 10_000;
/** By batch: the pause that this process has told of, the oldest first. */
const told = new Map<string, PauseScope>();

/**
 * Whether a pause holds a batch; the log says so once. It is no blocker of the batch's own: the API tells pauses as they
 * are, and the engine's last word stands until it has another.
 */
export async function isPaused(engine: PayoutEngine, batch: PayoutBatchRow): Promise<boolean> {
  const scope = await findPause(engine.log.database, batch);
  if (scope === null) {
    told.delete(batch.id);
    return false;
  }
  if (told.get(batch.id) !== scope) {
    const [oldest] = told.keys();
    if (told.size >= MAX_REMEMBERED && oldest !== undefined) told.delete(oldest);
    told.set(batch.id, scope);
    engine.logger.info({ blocker: 'PAUSED', scope }, 'the batch is held');
  }
  return true;
}
