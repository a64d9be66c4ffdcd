import type { BlockFacts } from '../blockFacts.ts';

/** Blocks read ahead of the one that is being written. */
const MAX_BLOCKS_PREFETCHED = 8;

/** Reads the next blocks while earlier ones are written. What was read ahead must be dropped whenever the head moves otherwise. */
export class BlockPrefetch {
  readonly #read: (number: bigint, nodeHead: bigint) => Promise<BlockFacts | null>;
  readonly #blocks = new Map<bigint, Promise<BlockFacts | null>>();

  constructor(read: (number: bigint, nodeHead: bigint) => Promise<BlockFacts | null>) {
    this.#read = read;
  }

  /** The block of a number; begins to read those after it, up to the node's head. */
  async take(number: bigint, nodeHead: bigint): Promise<BlockFacts | null> {
    for (let next = number; next <= nodeHead && next < number + BigInt(MAX_BLOCKS_PREFETCHED); next += 1n) {
      if (this.#blocks.has(next)) continue;
      const block = this.#read(next, nodeHead);
      // Whoever takes it hears of its failure; nobody may.
      block.catch(() => {});
      this.#blocks.set(next, block);
    }
    const block = this.#blocks.get(number) ?? this.#read(number, nodeHead);
    this.#blocks.delete(number);
    return block;
  }

  clear(): void {
    this.#blocks.clear();
  }
}
