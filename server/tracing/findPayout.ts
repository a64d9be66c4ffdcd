import { decodeNodeId, InvalidIdError } from '../../core/ids.ts';
import type { Database } from '../../prisma/database.ts';

/** Where a payout is, and which transactions have to do with it. */
export type TracedPayout = {
  readonly batchId: string;
  /** 0 is the batch's first. */
  readonly rowIndex: number;
  readonly chunkIndex: number;
  /** Those of its chunk, and those that open and close its batch, by id. */
  readonly transactionIds: ReadonlySet<string>;
  readonly hashes: ReadonlySet<string>;
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
    .select(['chunk.transactionId', 'exception.transactionId as ownTransactionId'])
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
  return {
    ...{ batchId, rowIndex, chunkIndex },
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
