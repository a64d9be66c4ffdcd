import { BlockNotFoundError, type Hash } from 'viem';
import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import type { Database } from '../../prisma/database.ts';

/**
 * Looks whether the node still has the newest block that the database holds to be final. A shallower rollback is a reorg,
 * which the indexer handles; a deeper one means that payments told as final are gone.
 * @returns a sentence that says so and what to do, or null
 */
export async function lostChain(
  database: Database,
  chainId: string,
  client: EvmClient,
): Promise<string | null> {
  const chain = await database
    .selectFrom('chain')
    .select(['headNumber', 'finalNumber'])
    .where('id', '=', chainId)
    .executeTakeFirst();
  if (chain === undefined || chain.headNumber === null) return null;
  const settled = await database
    .selectFrom('block')
    .select(['number', 'hash'])
    .where('chainId', '=', chainId)
    .where('number', '<=', chain.finalNumber ?? 0n)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (settled === undefined) return null;
  const [head, hash] = await Promise.all([client.getBlockNumber(), hashAt(client, settled.number)]);
  if (hash === settled.hash) return null;
  return `The chain has lost blocks: block ${settled.number} was final for the database, and the node, now at block ${head}, ${
    hash === null ? 'does not have it' : 'has another one there'
  }. Payments shown as final may no longer exist. Run npm run reset to forget both and begin anew.`;
}

async function hashAt(client: EvmClient, blockNumber: bigint): Promise<Hash | null> {
  try {
    return (await client.getBlock({ blockNumber })).hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return null;
    throw error;
  }
}
