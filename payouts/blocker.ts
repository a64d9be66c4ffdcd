import { unitOfWork } from '../events/unitOfWork.ts';
import { lockPayoutBatch, type PayoutBatchRow, setBatchBlocker } from '../transitions/payoutBatchStatus.ts';
import type { PayoutEngine } from './payoutEngine.ts';

export type BlockerCode =
  /** Its owners are asked to close it. */
  | 'CLOSE_ASKED'
  /** Another transaction of the account comes first. */
  | 'WAITS_FOR_NONCE'
  /** A nonce of the account that comes first is nobody's: whoever had it can use it no more. */
  | 'NONCE_UNUSED'
  /** The account's nonce was used by something else; a new approval follows. */
  | 'NONCE_USED'
  | 'SIGNATURES_MISSING'
  /** Something else than its owners' signatures has a say in the account. */
  | 'ACCOUNT_UNSAFE'
  | 'NOT_FUNDED'
  | 'OPEN_BY_PASSED'
  /** The rows, or what was approved, are not what the approvers' digest says. */
  | 'ROWS_DO_NOT_MATCH'
  /** The chain would undo the transaction. */
  | 'WOULD_REVERT'
  /** The same transaction came to nothing too often. */
  | 'FAILED_TOO_OFTEN'
  | 'FEES_TOO_HIGH'
  | 'RELAYER_NOT_FUNDED'
  /** Too few of the chain's nodes answer. */
  | 'NODES_UNAVAILABLE';

/** What a batch's own organization has to mend, or has asked for: nothing is wrong with the engine. */
export const CUSTOMERS_BLOCKER_CODES: readonly BlockerCode[] = [
  ...(['CLOSE_ASKED', 'WAITS_FOR_NONCE', 'NONCE_UNUSED', 'NONCE_USED'] as const),
  ...(['SIGNATURES_MISSING', 'NOT_FUNDED', 'OPEN_BY_PASSED'] as const),
];

/** Why a batch does not move. The message is shown to its organization. */
export type Blocker = { readonly code: BlockerCode; readonly message: string };

/** What is stored is not what was approved. */
export const ROWS_DO_NOT_MATCH: Blocker = {
  code: 'ROWS_DO_NOT_MATCH',
  message: 'Stored chunks are not those that were approved; they are not sent.',
};

/**
 * Keeps what holds a batch, as long as its status is still the one that this was found for.
 * @param blocker null: nothing holds it; undefined: what others have found stands
 */
export async function noteBlocker(
  engine: PayoutEngine,
  batch: PayoutBatchRow,
  blocker: Blocker | null | undefined,
): Promise<void> {
  if (blocker === undefined) return;
  if (batch.blockerCode === (blocker?.code ?? null) && batch.blockerMessage === (blocker?.message ?? null))
    return;
  await unitOfWork(engine.log, async (work) => {
    const current = await lockPayoutBatch(work.database, batch.id);
    if (current?.status === batch.status) await setBatchBlocker(work.database, batch.id, blocker);
  });
  if (blocker === null) engine.logger.info({ blocker: null }, 'nothing holds the batch any more');
  else engine.logger.warn({ blocker: blocker.code }, 'the batch is held');
}
