import type { Logger } from 'pino';
import type { Hash } from 'viem';
import {
  type EvmBlock,
  type EvmHeader,
  readLatestBlock,
  readLatestHeader,
} from '../../chains/evm/client/readBlock.ts';
import type { EventLog } from '../../events/unitOfWork.ts';
import { applyBlock } from '../applyBlock.ts';
import type { BlockFacts } from '../blockFacts.ts';
import { HeadMovedError } from '../indexerErrors.ts';
import type { IndexerMetrics } from '../indexerMetrics.ts';
import { tellWritten } from '../tellWritten.ts';
import { unapplyBlocks } from '../unapplyBlocks.ts';
import { BlockPrefetch } from './blockPrefetch.ts';
import { findFork } from './findFork.ts';
import { findUnread, type ReadStates, type Unread } from './findUnread.ts';
import { type EvmChain, type EvmReader, readBlockFacts, readNumberedFacts } from './readBlockFacts.ts';
import { readFirstNumber } from './readFirstNumber.ts';
import { refreshStates } from './refreshStates.ts';
import { replaceStaleApprovals } from './replaceStaleApprovals.ts';

export type FollowedChain = EvmChain & { readonly caip2: string; readonly confirmedDepth: number };

export type ChainFollowerOptions = {
  readonly reader: EvmReader;
  readonly chain: FollowedChain;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: IndexerMetrics;
};

type Head = { readonly number: bigint; readonly hash: Hash };
/** `reached`: the node has nothing newer. `more`: blocks were taken back, others take their place. */
type Progress = { readonly head: Head | null; readonly reached: boolean; readonly more: boolean };

/** What could not be read is tried again so much later: it is seldom a node's fault. */
const UNREADABLE_RETRY_BLOCKS = 100n;

/** Brings one chain's database up to its node, again and again. Holds nothing that the database does not say better. */
export class ChainFollower {
  readonly #options: ChainFollowerOptions;
  readonly #prefetch: BlockPrefetch;
  readonly #read: ReadStates = { accounts: new Set(), unreadable: new Set() };
  #nodeHead: bigint | null = null;
  /** The node's newest block, where this pass has asked for all of it. */
  #whole: EvmBlock | null = null;
  #reachedHash: Hash | null = null;
  #refreshedHash: Hash | null = null;
  #retryNumber = 0n;
  /** Accounts whose stale approvals stand because they cannot be read; told once. */
  #unreadableSafes = new Set<string>();

  constructor(options: ChainFollowerOptions) {
    this.#options = options;
    this.#prefetch = new BlockPrefetch((number, nodeHead) =>
      this.#whole?.number === number
        ? readBlockFacts(options.reader, this.#whole, nodeHead)
        : readNumberedFacts(options.reader, number, nodeHead),
    );
  }

  /** The node's newest block, once the last pass has done all there is to do about it. */
  get reachedHash(): Hash | null {
    return this.#reachedHash;
  }

  /**
   * One pass: indexes everything that the node has, block by block, each in its own transaction; takes back what the
   * node has no longer; then reads what no block told.
   * @param signal ends the pass after the block that is being written
   * @param options.isHinted a node has told of a new block: it is asked for whole, as most often it is the next one
   * @returns whether there is more to do at once
   * @throws FinalBlockLostError when there is no way on; anything else may succeed in the next pass
   */
  async pass(signal: AbortSignal, { isHinted = false } = {}): Promise<boolean> {
    this.#reachedHash = null;
    try {
      const { client, database, chain } = this.#options.reader;
      this.#whole = isHinted ? await readLatestBlock(client) : null;
      const latest = this.#whole ?? (await readLatestHeader(client));
      const { head, reached, more } = await this.#catchUp(latest, signal);
      if (more || !reached || head === null || signal.aborted) return more;
      if (head.number >= this.#retryNumber) this.#read.unreadable.clear();
      const unread = await findUnread(database, chain.id, this.#read);
      if (unread.hasOvertaken) await this.#replaceStale();
      else this.#unreadableSafes.clear();
      const hasMore = await this.#refresh(head, unread);
      if (!hasMore) this.#reachedHash = head.hash;
      return hasMore;
    } catch (error) {
      this.#forget();
      if (!(error instanceof HeadMovedError)) throw error;
      // Somebody else indexes this chain, too: the next pass sees how far.
      return true;
    }
  }

  async #catchUp(latest: EvmHeader, signal: AbortSignal): Promise<Progress> {
    // What an earlier pass read ahead may be of a branch that is gone.
    this.#prefetch.clear();
    let head = await this.#readHead(latest.number);
    if (head !== null && latest.number <= head.number && (await this.#differs(latest))) {
      return this.#takeBack(head);
    }
    this.#noteLag(latest, head);
    while (!signal.aborted && (head === null || head.number < latest.number)) {
      const number: bigint =
        head === null ? await readFirstNumber(this.#options.reader, latest) : head.number + 1n;
      const facts = await this.#prefetch.take(number, latest.number);
      if (facts === null) break;
      if (head !== null && facts.header.parentHash !== head.hash) return this.#takeBack(head);
      await this.#apply(facts, head);
      head = { number: facts.header.number, hash: facts.header.hash as Hash };
      this.#noteLag(latest, head);
    }
    return { head, reached: head?.hash === latest.hash, more: false };
  }

  /** The head as indexed. Notes the node's, where it is another than before. */
  async #readHead(nodeHead: bigint): Promise<Head | null> {
    const { database, chain } = this.#options.reader;
    const { headNumber, headHash } = await (nodeHead === this.#nodeHead
      ? database.selectFrom('chain').select(['headNumber', 'headHash']).where('id', '=', chain.id)
      : database
          .updateTable('chain')
          .set({ nodeHeadNumber: nodeHead })
          .where('id', '=', chain.id)
          .returning(['headNumber', 'headHash'])
    ).executeTakeFirstOrThrow();
    this.#nodeHead = nodeHead;
    return headNumber === null || headHash === null ? null : { number: headNumber, hash: headHash as Hash };
  }

  #noteLag(latest: EvmHeader, head: Head | null): void {
    const lag = head === null || head.number > latest.number ? 0n : latest.number - head.number;
    this.#options.metrics.blockLag.set({ chain: this.#options.chain.caip2 }, Number(lag));
  }

  async #apply(facts: BlockFacts, head: Head | null): Promise<void> {
    const { log, chain, logger, metrics } = this.#options;
    const endTimer = metrics.writeSeconds.startTimer({ chain: chain.caip2 });
    const written = await applyBlock(log, chain, facts, head?.hash ?? null);
    endTimer();
    await tellWritten(this.#options, written, facts.header);
    for (const accountId of facts.unknownAccountIds) this.#read.accounts.delete(accountId);
    metrics.blocks.inc({ chain: chain.caip2 });
    metrics.head.set({ chain: chain.caip2 }, Number(facts.header.number));
    metrics.headTimestamp.set({ chain: chain.caip2 }, facts.header.timestamp.getTime() / 1_000);
    const { number, hash } = facts.header;
    logger.debug(
      { number, hash, transactions: facts.transactions.length, chunks: facts.chunks.length },
      'block indexed',
    );
  }

  /** Whether the node has another block than this system at a height; it may be behind, which is no difference. */
  async #differs(latest: EvmHeader): Promise<boolean> {
    const stored = await this.#options.reader.database
      .selectFrom('block')
      .select('hash')
      .where('chainId', '=', this.#options.chain.id)
      .where('number', '=', latest.number)
      .executeTakeFirst();
    return stored !== undefined && stored.hash !== latest.hash;
  }

  async #takeBack(head: Head): Promise<Progress> {
    const { reader, log, chain, logger, metrics } = this.#options;
    this.#forget();
    const fork = await findFork(reader.client, reader.database, chain.id);
    // Two nodes behind one address, or a branch that came back while it was looked at.
    if (fork.number >= head.number) return { head, reached: false, more: false };
    const written = await unapplyBlocks(log, chain.id, head.hash, fork);
    await tellWritten(this.#options, written, null);
    metrics.reorgs.inc({ chain: chain.caip2 });
    logger.warn(
      { head: head.number, headHash: head.hash, fork: fork.number, depth: head.number - fork.number },
      'reorg: blocks taken back',
    );
    return { head: null, reached: false, more: true };
  }

  async #replaceStale(): Promise<void> {
    const { reader, log, logger } = this.#options;
    const unreadable = await replaceStaleApprovals(reader, log);
    const untold = unreadable.filter((id) => !this.#unreadableSafes.has(id));
    if (untold.length > 0) {
      logger.warn(
        { accountIds: untold },
        'accounts that cannot be read: their stale approvals stay as they are',
      );
    }
    this.#unreadableSafes = new Set(unreadable);
  }

  /** @returns whether there is more to read than one go may */
  async #refresh(head: Head, unread: Unread): Promise<boolean> {
    const { reader, log, logger } = this.#options;
    if (this.#refreshedHash === head.hash && !unread.hasAdopting) return false;
    const { unknown, more } = await refreshStates(reader, log, head, { unread, read: this.#read });
    if (unknown.length > 0) {
      this.#retryNumber = head.number + UNREADABLE_RETRY_BLOCKS;
      logger.warn({ unknown }, 'accounts or balances that cannot be read');
    }
    this.#refreshedHash = more ? null : head.hash;
    return more;
  }

  #forget(): void {
    this.#prefetch.clear();
    this.#read.accounts.clear();
    this.#read.unreadable.clear();
    this.#refreshedHash = null;
  }
}
