import { decodeNodeId, InvalidIdError } from '../../core/ids.ts';
import { findPause } from '../../payouts/findPause.ts';
import type { Database } from '../../prisma/database.ts';
import type { PauseScope, PayoutBatchStatus, PayoutStatus } from '../../prisma/generated/database.ts';
import { ENDED_BATCH_STATUSES } from '../../transitions/payoutBatchStatus.ts';

/** Where a payout is, and which transactions have to do with it. */
export type TracedPayout = {
  readonly organizationId: string;
  readonly accountId: string;
  /** CAIP-2. */
  readonly chain: string;
  readonly batchId: string;
  /** 0 is the batch's first. */
  readonly rowIndex: number;
  readonly chunkIndex: number;
  /** Those of its chunk, and those that open and close its batch, by id. */
  readonly transactionIds: ReadonlySet<string>;
  readonly hashes: ReadonlySet<string>;
  readonly now: PresentState;
};

/** How a payout stands in the database, now. */
export type PresentState = {
  readonly status: PayoutStatus;
  readonly batchStatus: PayoutBatchStatus;
  /** What holds its batch: PAUSED with the widest pause's scope, or what the engine found last; null where nothing does. */
  readonly blocker: string | null;
  readonly scope: PauseScope | null;
};

const UUID = /^[0-9a-f-]{36}$/;

/** @param id a Payout's id as clients see it, or its uuid. @returns null when there is no such payout */
export async function findPayout(database: Database, id: string): Promise<TracedPayout | null> {
  const uuid = uuidOf(id);
  if (uuid === null) return null;
  const payout = await database
    .selectFrom('payout')
    .innerJoin('payoutChunk as chunk', (join) =>
      join
        .onRef('chunk.batchId', '=', 'payout.batchId')
        .onRef('chunk.firstRowIndex', '<=', 'payout.rowIndex')
        .on((eb) =>
          eb(eb('chunk.firstRowIndex', '+', eb.ref('chunk.rowCount')), '>', eb.ref('payout.rowIndex')),
        ),
    )
    .leftJoin('payoutException as exception', (join) =>
      join
        .onRef('exception.batchId', '=', 'payout.batchId')
        .onRef('exception.rowIndex', '=', 'payout.rowIndex'),
    )
    .select(['payout.batchId', 'payout.rowIndex', 'chunk.chunkIndex'])
    .innerJoin('payoutBatch as batch', 'batch.id', 'payout.batchId')
    .innerJoin('chain', 'chain.id', 'batch.chainId')
    .select(['chunk.transactionId', 'exception.transactionId as ownTransactionId'])
    .select(['chunk.status as chunkStatus', 'exception.status as ownStatus'])
    .select(['batch.organizationId', 'batch.accountId', 'batch.chainId', 'chain.caip2 as chain'])
    .select(['batch.status as batchStatus', 'batch.blockerCode'])
    .where('payout.id', '=', uuid)
    .executeTakeFirst();
  if (payout === undefined) return null;
  const { batchId, rowIndex, chunkIndex } = payout;
  const transactions = await database
    .selectFrom('chainTransaction')
    .select(['id', 'hash'])
    .where('batchId', '=', batchId)
    .where((eb) =>
      eb.or([
        eb('chunkIndex', '=', chunkIndex),
        eb('kind', 'in', ['OPEN', 'CLOSE']),
        eb('id', 'in', [payout.transactionId, payout.ownTransactionId]),
      ]),
    )
    .execute();
  const { organizationId, accountId, chainId, chain, batchStatus } = payout;
  const scope = ENDED_BATCH_STATUSES.includes(batchStatus)
    ? null
    : await findPause(database, { id: batchId, organizationId, accountId, chainId });
  return {
    ...{ organizationId, accountId, chain, batchId, rowIndex, chunkIndex },
    now: {
      status: payout.ownStatus ?? payout.chunkStatus,
      batchStatus,
      blocker: scope === null ? payout.blockerCode : 'PAUSED',
      scope,
    },
    transactionIds: new Set(transactions.map((one) => one.id)),
    hashes: new Set(transactions.map((one) => one.hash)),
  };
}

function uuidOf(id: string): string | null {
  if (UUID.test(id)) return id;
  try {
    const { type, uuid } = decodeNodeId(id);
    return type === 'Payout' ? uuid : null;
  } catch (error) {
    if (error instanceof InvalidIdError) return null;
    throw error;
  }
}
