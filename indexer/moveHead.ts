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
  const { number } = facts.header;
  const moved = await writeHead(database, chain.id, facts, expectedHash);
  if (moved === null) throw new HeadMovedError({ chainId: chain.id, expectedHash, number });
  const finalNumber = moved.finalNumber ?? -1n;
  const indexed = moved.finalHash;
  const told = facts.final?.number === finalNumber ? facts.final.hash : null;
  if (told !== null && indexed !== null && told !== indexed) {
    throw new FinalBlockLostError({ chainId: chain.id, number: finalNumber, indexed, told });
  }
  const confirmedNumber = number - BigInt(chain.confirmedDepth) + 1n;
  return {
    confirmedNumber: confirmedNumber > finalNumber ? confirmedNumber : finalNumber,
    finalNumber,
    finalTimestamp: moved.finalTimestamp,
  };
}

type MovedHead = { finalNumber: bigint | null; finalHash: string | null; finalTimestamp: Date | null };

/** One statement: it sees blocks as they were before it, so that what it inserts is not among those that it joins. */
async function writeHead(
  database: DatabaseTransaction,
  chainId: string,
  { header, final }: Pick<BlockFacts, 'header' | 'final'>,
  expectedHash: string | null,
): Promise<MovedHead | null> {
  const { number, hash, parentHash, timestamp } = header;
  const { rows } = await sql<MovedHead>`
    with moved as (
      update chain set head_number = ${number}, head_hash = ${hash}, head_timestamp = ${timestamp},
        final_number = greatest(final_number, ${final?.number ?? null}::bigint)
      where id = ${chainId} and head_hash is not distinct from ${expectedHash}::text
      returning id, final_number
    ), written as (
      insert into block (chain_id, number, hash, parent_hash, timestamp)
      select id, ${number}::bigint, ${hash}, ${parentHash}, ${timestamp}::timestamptz from moved
    ), pruned as (
      delete from block using moved
      where block.chain_id = moved.id and block.number < moved.final_number - ${BLOCKS_KEPT_BELOW_FINAL}::bigint
    )
    select moved.final_number,
      case moved.final_number when ${number} then ${hash} else block.hash end as final_hash,
      case moved.final_number when ${number} then ${timestamp} else block.timestamp end as final_timestamp
    from moved left join block on block.chain_id = moved.id and block.number = moved.final_number`.execute(
    database,
  );
  return rows[0] ?? null;
}
