import { sql } from 'kysely';
import type { DatabaseTransaction } from '../prisma/database.ts';
import type { BlockFacts } from './blockFacts.ts';
import { FinalBlockLostError, HeadMovedError } from './indexerErrors.ts';

/** A chain as its facts are written. */
export type IndexedChain = { readonly id: string; readonly confirmedDepth: number };

/** How far up facts are CONFIRMED and FINAL once a block is the head. */
export type Horizon = {
  readonly confirmedNumber: bigint;
  /** -1 while no block is final. */
  readonly finalNumber: bigint;
  /** Null while no block that is kept here is final. */
  readonly finalTimestamp: Date | null;
};

/** Reorgs end above the final block; what lies further below it is not needed again. */
const BLOCKS_KEPT_BELOW_FINAL = 256n;

/**
 * Makes a block the head, if its parent is the head: the compare-and-swap that keeps data right whoever else indexes.
 * Its row lock lasts until the commit.
 * @param expectedHash the head's hash; null for the very first block
 * @throws HeadMovedError, FinalBlockLostError
 */
export async function moveHead(
  database: DatabaseTransaction,
  chain: IndexedChain,
  facts: Pick<BlockFacts, 'header' | 'final'>,
  expectedHash: string | null,
): Promise<Horizon> {
  const { number, hash, parentHash, timestamp } = facts.header;
  const moved = await database
    .updateTable('chain')
    .set({
      headNumber: number,
      headHash: hash,
      headTimestamp: timestamp,
      finalNumber: sql<bigint>`greatest(final_number, ${facts.final?.number ?? null})`,
    })
    .where('id', '=', chain.id)
    .where('headHash', expectedHash === null ? 'is' : '=', expectedHash)
    .returning('finalNumber')
    .executeTakeFirst();
  if (moved === undefined) throw new HeadMovedError({ chainId: chain.id, expectedHash, number });
  await database
    .insertInto('block')
    .values({ chainId: chain.id, number, hash, parentHash, timestamp })
    .execute();
  const finalNumber = moved.finalNumber ?? -1n;
  await database
    .deleteFrom('block')
    .where('chainId', '=', chain.id)
    .where('number', '<', finalNumber - BLOCKS_KEPT_BELOW_FINAL)
    .execute();
  const final = await database
    .selectFrom('block')
    .select(['hash', 'timestamp'])
    .where('chainId', '=', chain.id)
    .where('number', '=', finalNumber)
    .executeTakeFirst();
  const told = facts.final;
  if (told?.number === finalNumber && told.hash !== null && final !== undefined && told.hash !== final.hash) {
    throw new FinalBlockLostError({
      chainId: chain.id,
      number: finalNumber,
      indexed: final.hash,
      told: told.hash,
    });
  }
  const confirmedNumber = number - BigInt(chain.confirmedDepth) + 1n;
  return {
    confirmedNumber: confirmedNumber > finalNumber ? confirmedNumber : finalNumber,
    finalNumber,
    finalTimestamp: final?.timestamp ?? null,
  };
}
