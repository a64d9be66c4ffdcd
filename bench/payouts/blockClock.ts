import { createPublicClient, http, webSocket } from 'viem';

/** When this process heard of each block, from the node itself. Milliseconds of performance.now(). */
export type BlockClock = {
  heardAt(blockNumber: bigint): number | null;
  latest(): bigint;
  /** Resolves once the chain has this block. */
  reached(blockNumber: bigint): Promise<void>;
  stop(): void;
};

export async function startBlockClock(rpcUrl: string): Promise<BlockClock> {
  const heard = new Map<bigint, number>();
  let latest = await createPublicClient({ transport: http(rpcUrl) }).getBlockNumber();
  const waiting = new Set<() => void>();
  const client = createPublicClient({ transport: webSocket(rpcUrl.replace(/^http/, 'ws')) });
  const stop = client.watchBlocks({
    onBlock: ({ number }) => {
      heard.set(number, performance.now());
      if (number > latest) latest = number;
      for (const wake of waiting) wake();
    },
  });
  return {
    heardAt: (blockNumber) => heard.get(blockNumber) ?? null,
    latest: () => latest,
    reached: async (blockNumber) => {
      while (latest < blockNumber) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    stop,
  };
}
