import { type UnitOfWork, unitOfWork } from '../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { Blocker } from './blocker.ts';
import { broadcast } from './broadcast.ts';
import { FeesTooHighError } from './fees/quoteFees.ts';
import type { Finality } from './finality.ts';
import { findAttempts, type Purpose } from './findAttempts.ts';
import type { LoadedBatch } from './loadBatch.ts';
import { chainOf, type PayoutEngine } from './payoutEngine.ts';
import { chooseLane } from './relayer/chooseLane.ts';
import {
  type Lane,
  type LockedLane,
  lockLane,
  type SignedTransaction,
  signNext,
  type TransactionDraft,
} from './relayer/lane.ts';
import type { LaneChain } from './relayer/laneChain.ts';
import { simulate } from './simulate.ts';

/** A transaction that the chain has undone so often, or run to no effect, is not tried again by itself. */
export const MAX_FAILED_ATTEMPTS = 5;

export type OneTransaction = {
  readonly purpose: Purpose;
  readonly finality: Finality;
  readonly chain: LaneChain;
  readonly draft: TransactionDraft;
  /** Asked again under lock, right before signing: whether it is still to be done. */
  readonly isStillDue: (work: UnitOfWork) => Promise<boolean>;
  /** What goes out right behind it, signed in the same database transaction with the lane's following nonces. */
  readonly behind?: Followers | null;
};

export type Followers = {
  /** Under the locks of isStillDue and of the lane: what to sign; none when the lane has no room for all. */
  readonly draft: (database: DatabaseTransaction, lane: LockedLane) => Promise<readonly TransactionDraft[]>;
  /** Notes what was signed for them, in their order. */
  readonly noteSigned: (work: UnitOfWork, signed: readonly SignedTransaction[]) => Promise<void>;
};

/**
 * Signs, stores and then sends the one transaction for a purpose, unless one of ours is under way already, or it could
 * only fail.
 * @returns what keeps it from being sent, or null; also null when every lane is full: its turn comes
 */
export async function sendOnce(engine: PayoutEngine, one: OneTransaction): Promise<Blocker | null> {
  const attempts = await findAttempts(engine.log.database, one.purpose, one.finality);
  if (attempts.live) return null;
  if (attempts.failed >= MAX_FAILED_ATTEMPTS) {
    return {
      code: 'FAILED_TOO_OFTEN',
      message: `This transaction came to nothing ${attempts.failed} times; it is not sent again.`,
    };
  }
  const lane = await readLaneOrBlocker(engine, one.chain, one.draft.gasLimit);
  if ('code' in lane) return lane;
  const refusal = await simulate(chainOf(engine, one.chain.eip155ChainId), {
    from: lane.key.address,
    ...one.draft,
  });
  if (refusal !== null) {
    return { code: 'WOULD_REVERT', message: `Nothing was sent: the chain would undo it (${refusal}).` };
  }
  const { value: signed } = await unitOfWork(engine.log, async (work) => {
    if (!(await one.isStillDue(work))) return [];
    // Others may have signed since: whoever does holds the lock that isStillDue took.
    const now = await findAttempts(work.database, one.purpose, one.finality);
    if (now.live) return [];
    const locked = await lockLane(work.database, lane);
    // Others have filled it, or spent its money: the sweep comes back.
    if (locked.room < 1) return [];
    const behind = (await one.behind?.draft(work.database, locked)) ?? [];
    const transactions = await signNext(work.database, locked, [one.draft, ...behind]);
    if (behind.length > 0) await one.behind?.noteSigned(work, transactions.slice(1));
    return transactions;
  });
  await broadcast(engine, lane.client, signed);
  return null;
}

/** The lane to sign in, or why nothing can be signed now. @param gasLimit of the largest transaction */
export async function readLaneOrBlocker(
  engine: PayoutEngine,
  chain: LaneChain,
  gasLimit: bigint,
): Promise<Lane | Blocker> {
  try {
    return await chooseLane(engine, chain, gasLimit);
  } catch (error) {
    if (error instanceof FeesTooHighError) return { code: 'FEES_TOO_HIGH', message: error.message };
    throw error;
  }
}

/** Whose transaction it is, for a batch. */
export function batchDraft(
  { batch }: LoadedBatch,
  draft: Pick<TransactionDraft, 'kind' | 'to' | 'data' | 'gasLimit'> &
    Partial<Pick<TransactionDraft, 'chunkIndex' | 'approvalId'>>,
): TransactionDraft {
  return {
    organizationId: batch.organizationId,
    accountId: batch.accountId,
    batchId: batch.id,
    chunkIndex: null,
    approvalId: null,
    ...draft,
  };
}
