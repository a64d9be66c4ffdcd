import type { Address } from 'viem';
import { largerOf, smallerOf } from '../../core/largerOf.ts';
import type { Queryable } from '../../prisma/database.ts';
import { checkedClientOf, type PayoutEngine } from '../payoutEngine.ts';
import type { LaneChain } from './laneChain.ts';

/**
 * A lane goes on behind so many of somebody else's transactions that a node says it has in its pool, all together that no
 * block has and no transfer of nothing has filled. More are not believed: whoever tells of thousands, at once or bit by bit,
 * would send the lane away from where the chain is.
 */
export const MAX_SKIPPED_NONCES = 16n;

/** What a node says about a key. */
export type ToldNonces = {
  /** The nonce after the last included transaction. */
  readonly includedNonce: bigint;
  /** The same, counting what waits in the node's pool. */
  readonly pooledNonce: bigint;
};

export type FreeNonce = {
  /** Nothing that we know of, here or on the chain, has it or one above it. */
  readonly nonce: bigint;
  /** Nonces right below it that something else than this system has used, or is about to. */
  readonly foreign: bigint;
};

/**
 * The first nonce that a key can sign with next. It follows from what is stored: every nonce of ours has its bytes, so a lane
 * cannot drift away from its chain. A node counts where it tells of more: of what blocks have used when a second node
 * says so too, of what waits in its pool within a bound.
 * @throws viem's errors when the nodes do not answer, or disagree
 */
export async function findFreeNonce(
  engine: PayoutEngine,
  chain: LaneChain,
  address: Address,
  told: ToldNonces,
): Promise<FreeNonce> {
  const stored = await nextStoredNonce(engine.log.database, chain.id, address);
  const own = stored ?? 0n;
  let included = told.includedNonce;
  if (included > own) {
    const checked = checkedClientOf(engine, chain.eip155ChainId);
    const count = await checked.getTransactionCount({ address, blockTag: 'latest' });
    included = smallerOf(included, BigInt(count));
  }
  const behindBlocks = largerOf(own, included);
  const nonce = largerOf(behindBlocks, told.pooledNonce);
  if (nonce > behindBlocks) {
    const skipped = await countSkipped(engine.log.database, chain, address, included, own);
    if (nonce - behindBlocks + skipped > MAX_SKIPPED_NONCES) return freeAt(behindBlocks, stored);
  }
  return freeAt(nonce, stored);
}

function freeAt(nonce: bigint, stored: bigint | null): FreeNonce {
  // What a key did before it was given to us is nobody else's doing.
  return { nonce, foreign: stored === null ? 0n : nonce - stored };
}

/** Nonces of [from, to) that no stored transaction of ours has. */
async function countSkipped(
  database: Queryable,
  chain: LaneChain,
  address: Address,
  from: bigint,
  to: bigint,
): Promise<bigint> {
  if (from >= to) return 0n;
  const { count } = await database
    .selectFrom('chainTransaction')
    .select((eb) => eb.fn.count<bigint>('nonce').distinct().as('count'))
    .where('chainId', '=', chain.id)
    .where('sender', '=', address)
    .where('rawTransaction', 'is not', null)
    .where('nonce', '>=', from)
    .where('nonce', '<', to)
    .executeTakeFirstOrThrow();
  return to - from - BigInt(count);
}

/** The nonce after the highest that a stored transaction of ours ever had, whatever became of it; null when none has. */
export async function nextStoredNonce(
  database: Queryable,
  chainId: string,
  address: string,
): Promise<bigint | null> {
  const highest = await database
    .selectFrom('chainTransaction')
    .select('nonce')
    .where('chainId', '=', chainId)
    .where('sender', '=', address)
    .where('rawTransaction', 'is not', null)
    .orderBy('nonce', 'desc')
    .limit(1)
    .executeTakeFirst();
  return highest === undefined || highest.nonce === null ? null : highest.nonce + 1n;
}
