import { sql } from 'kysely';
import type { DatabaseTransaction, Queryable } from '../prisma/database.ts';
import type { PauseScope } from '../prisma/generated/database.ts';
import { holdOffPauses } from '../transitions/lockPauses.ts';
import type { PayoutBatchRow } from '../transitions/payoutBatchStatus.ts';

type PausableBatch = Pick<PayoutBatchRow, 'id' | 'organizationId' | 'accountId' | 'chainId'>;

/** In a statement over payout_batch as `batch`: whether a pause keeps anything new from being signed for it. */
export const IS_PAUSED = sql<boolean>`exists (
  select from payout_pause pause where pause.organization_id = batch.organization_id
    and (pause.chain_id = batch.chain_id or pause.account_id = batch.account_id or pause.batch_id = batch.id))`;

/**
 * The widest pause that keeps anything new from being signed for a batch: of its chain, its account or itself; null for
 * none. A look without a lock saves work; what decides is `isPausedForSigning`.
 */
export async function findPause(database: Queryable, batch: PausableBatch): Promise<PauseScope | null> {
  const pause = await database
    .selectFrom('payoutPause')
    .select('scope')
    .where('organizationId', '=', batch.organizationId)
    .where((eb) =>
      eb.or([
        eb('chainId', '=', batch.chainId),
        eb('accountId', '=', batch.accountId),
        eb('batchId', '=', batch.id),
      ]),
    )
    .orderBy('scope')
    .limit(1)
    .executeTakeFirst();
  return pause?.scope ?? null;
}

/**
 * Asked right before signing, under the batch's lock: whether a pause forbids it. Where none does, none can come into
 * force before this transaction ends: whoever pauses waits for it, and counts what it signed.
 */
export async function isPausedForSigning(
  database: DatabaseTransaction,
  batch: PausableBatch,
): Promise<boolean> {
  await holdOffPauses(database, batch.organizationId);
  return (await findPause(database, batch)) !== null;
}
