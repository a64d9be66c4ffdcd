import { pino } from 'pino';
import { Registry } from 'prom-client';
import { getAddress } from 'viem';
import { createEvmClient } from '../../chains/evm/client/evmClient.ts';
import { required } from '../../core/errors.ts';
import { ChainFollower, type FollowedChain } from '../../indexer/evm/followChain.ts';
import { createIndexerMetrics } from '../../indexer/indexerMetrics.ts';
import type { Database } from '../../prisma/database.ts';
import type { PayoutsKit } from './payoutsKit.ts';

/** A chain as the indexer follows it, read from the database. */
export async function followedChain(database: Database): Promise<FollowedChain> {
  const row = await database
    .selectFrom('chain')
    .select(['id', 'caip2', 'confirmedDepth', 'finalDepth', 'factoryAddress'])
    .executeTakeFirstOrThrow();
  return { ...row, factoryAddress: getAddress(required(row.factoryAddress, 'The factory')) };
}

/** One follower of the kit's chain, without any lock. @param rpcUrl of another way to the node */
export async function createFollower(
  kit: PayoutsKit,
  rpcUrl = kit.chain.rpcUrl,
  policy: Partial<FollowedChain> = {},
): Promise<ChainFollower> {
  const chain = { ...(await followedChain(kit.database)), ...policy };
  return new ChainFollower({
    reader: { client: createEvmClient({ rpcUrl }), database: kit.log.database, chain },
    chain,
    log: kit.log,
    logger: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
    metrics: createIndexerMetrics(new Registry()),
  });
}

/** Passes until there is nothing left to do. @param options.isHinted as if a node had told of a new block */
export async function catchUp(follower: ChainFollower, options?: { isHinted: boolean }): Promise<void> {
  const { signal } = new AbortController();
  while (await follower.pass(signal, options));
}

/** Lets followers pass all the time, every other time with a hint; ends them, and throws what any of them threw. */
export function runFollowers(followers: readonly ChainFollower[]): { end(): Promise<void> } {
  const end = new AbortController();
  const loops = followers.map(async (follower) => {
    for (let isHinted = false; !end.signal.aborted; isHinted = !isHinted) {
      await follower.pass(end.signal, { isHinted });
    }
  });
  return {
    end: async () => {
      end.abort();
      await Promise.all(loops);
    },
  };
}
