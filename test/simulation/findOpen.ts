import type { World } from './world.ts';

/**
 * Everything has come to an end when every batch has, every transaction of a relayer is decided by a final block, and the
 * indexer has the node's head.
 * @returns in words what is still under way; null when nothing is
 */
export async function findOpen(world: World): Promise<string | null> {
  const rows = await world.sql<{ open: string }>(`
    select 'batch ' || id || ' is ' || status || coalesce(': ' || blocker_code, '') as open from payout_batch
      where status not in ('COMPLETED', 'PARTIALLY_FAILED', 'FAILED', 'REJECTED', 'CANCELLED', 'EXPIRED')
    union all
    select kind || ' ' || hash || ' is ' || status || ', nonce ' || nonce from chain_transaction
      where raw_transaction is not null and status in ('SIGNED', 'BROADCAST', 'INCLUDED', 'CONFIRMED')
    limit 20`);
  if (rows.length > 0) return rows.map(({ open }) => open).join('; ');
  const behind = await blocksBehind(world);
  return behind > MAX_BLOCKS_BEHIND ? `the indexer is ${behind} blocks behind` : null;
}

/** How many blocks the indexer has not written yet. */
export async function blocksBehind(world: World): Promise<bigint> {
  const [chain] = await world.sql<{ head: string | null }>('select head_number as head from chain');
  return (await world.chain.getBlockNumber({ cacheTime: 0 })) - BigInt(chain?.head ?? 0);
}

/** Blocks are mined while we look. */
const MAX_BLOCKS_BEHIND = 10n;
