import { type Hex, TransactionReceiptNotFoundError } from 'viem';
import type { Ended } from './ended.ts';
import type { World } from './world.ts';

type Stored = { hash: Hex; status: string; purpose: string; blockHash: Hex | null };
/** A stored transaction, and what the chain has of it. */
type Included = Stored & { place: bigint; succeeded: boolean; didSomething: boolean };

/** One number for a place in the chain: a block holds fewer transactions. */
const TRANSACTIONS_PER_BLOCK = 1_000_000n;

/** What relayers signed, against what nodes saw and what the chain holds. */
export const checkTransactions = {
  'stored-before-sent': async ({ world }: Ended) => {
    const [early] = world.unstored;
    if (early !== undefined) return `${early.process} sent ${early.hash} before its bytes were stored`;
    const sent = Object.values(world.stations).flatMap(({ nodes }) => nodes.flatMap((node) => node.sent()));
    const stored = new Set((await readStored(world)).map(({ hash }) => hash));
    const unknown = sent.find(({ hash }) => !stored.has(hash));
    return unknown === undefined ? null : `${unknown.process} sent ${unknown.hash}, which is stored nowhere`;
  },

  'executed-once': async ({ world }: Ended) => {
    const done = new Map<string, Included>();
    const included = await readIncluded(world);
    for (const transaction of included.sort((left, right) => Number(left.place - right.place))) {
      const earlier = done.get(transaction.purpose);
      if (earlier !== undefined)
        return `${transaction.hash} and ${earlier.hash} are both in the chain for ${earlier.purpose}`;
      if (transaction.succeeded && transaction.didSomething) done.set(transaction.purpose, transaction);
    }
    return null;
  },

  'database-says-what-the-chain-says': async ({ world }: Ended) => {
    const included = new Map((await readIncluded(world)).map((found) => [found.hash, found]));
    for (const { hash, status, purpose, blockHash } of await readStored(world)) {
      const found = included.get(hash);
      const says = found === undefined ? 'REPLACED' : found.succeeded ? 'FINAL' : 'REVERTED';
      if (status !== says) return `${hash} for ${purpose} is ${status}, and by the chain ${says}`;
      if (found !== undefined && found.blockHash !== blockHash)
        return `${hash} is in another block than told`;
    }
    return null;
  },
};

/** RETRY may be tried again; each of the others is for one thing that happens once. */
async function readStored(world: World): Promise<Stored[]> {
  return world.sql<Stored>(
    `select hash, status, block_hash as "blockHash",
      case when kind in ('RETRY', 'CANCEL') then kind || ' ' || id
        else concat_ws(' ', kind, coalesce(batch_id, account_id, id), chunk_index, approval_id) end as purpose
    from chain_transaction where raw_transaction is not null`,
  );
}

async function readIncluded(world: World): Promise<Included[]> {
  const stored = await readStored(world);
  const found = await Promise.all(
    stored.map(async (transaction): Promise<Included | null> => {
      try {
        const receipt = await world.chain.getTransactionReceipt({ hash: transaction.hash });
        return {
          ...transaction,
          blockHash: receipt.blockHash,
          place: receipt.blockNumber * TRANSACTIONS_PER_BLOCK + BigInt(receipt.transactionIndex),
          succeeded: receipt.status === 'success',
          didSomething: receipt.logs.length > 0,
        };
      } catch (error) {
        if (error instanceof TransactionReceiptNotFoundError) return null;
        throw error;
      }
    }),
  );
  return found.filter((transaction) => transaction !== null);
}
