import { type Address, getAddress, type Hash, pad } from 'viem';
import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { NodeAnswerError } from '../../chains/evm/client/nodeAnswer.ts';
import { type EvmBlock, readBlock } from '../../chains/evm/client/readBlock.ts';
import { type EvmLog, readLogs } from '../../chains/evm/client/readLogs.ts';
import { type EvmReceipt, readReceipt } from '../../chains/evm/client/readReceipt.ts';
import type { Database } from '../../prisma/database.ts';
import type { BlockFacts, TransactionFact } from '../blockFacts.ts';
import { type AcceptedFacts, acceptLogs, possibleVaults } from './acceptLogs.ts';
import { decodeLogs, decodeTransfers, TRANSFER_TOPIC, WATCHED_TOPICS } from './decodeLogs.ts';
import { readFinal } from './readFinal.ts';
import { readStates, type StatesWanted } from './readStates.ts';
import { findBatchesByVault, readTracked, type TrackedAccount, type TrackedAsset } from './trackedRows.ts';

/** A chain as its blocks are read. */
export type EvmChain = {
  readonly id: string;
  readonly factoryAddress: Address | null;
  /** Null: the node's `finalized` tag decides. */
  readonly finalDepth: number | null;
};

export type EvmReader = { readonly client: EvmClient; readonly database: Database; readonly chain: EvmChain };

const WATCHED: ReadonlySet<string> = new Set(WATCHED_TOPICS);
/** Providers limit how many alternatives a topic may have. */
const MAX_ADDRESSES_PER_LOG_FILTER = 500;
/** Nodes that are no archives keep about 128 states; balances and owners of older blocks cannot be asked for. */
const MAX_STATE_AGE_BLOCKS = 64n;

/** As readBlockFacts, of the block of a number; null beyond the node's head. */
export async function readNumberedFacts(
  reader: EvmReader,
  number: bigint,
  nodeHead: bigint,
): Promise<BlockFacts | null> {
  const block = await readBlock(reader.client, number);
  return block === null ? null : readBlockFacts(reader, block, nodeHead);
}

/**
 * Reads everything in a block that this system must know. Every part is asked for by the block's hash and checked against
 * it.
 * @param nodeHead the node's newest block, to know how old the block's state is
 * @throws NodeAnswerError when two answers contradict each other; viem's errors when the node does not answer
 */
export async function readBlockFacts(
  reader: EvmReader,
  block: EvmBlock,
  nodeHead: bigint,
): Promise<BlockFacts> {
  // After the block: what is in it can only have been sent once its rows were committed.
  const { accounts, assets, relayers, own } = await readTracked(
    reader.database,
    reader.chain.id,
    block.transactions.map((transaction) => transaction.hash),
  );
  const [watched, transfers, receipts, final] = await Promise.all([
    readLogs(reader.client, block, { topics: [WATCHED_TOPICS] }),
    readTransfers(reader.client, block, accounts, assets),
    Promise.all(
      block.transactions
        .filter((transaction) => own.has(transaction.hash))
        .map((transaction) => readReceipt(reader.client, block.hash, transaction.hash, WATCHED)),
    ),
    readFinal(reader.client, reader.chain.finalDepth, block),
  ]);
  requireSameLogs(watched, receipts);
  const decoded = decodeLogs(watched);
  const accepted = acceptLogs(decoded, decodeTransfers(transfers), {
    factory: reader.chain.factoryAddress,
    ...{ accounts, assets },
    batches: await findBatchesByVault(reader.database, reader.chain.id, possibleVaults(decoded)),
  });
  const wanted: StatesWanted = {
    accounts: [...accepted.changedAccounts.values()],
    balances: [...accepted.movedBalances.values()],
  };
  const tooOld = nodeHead - block.number > MAX_STATE_AGE_BLOCKS;
  const { openings, chunks, retries, closings, executions } = accepted;
  return {
    header: headerOf(block),
    final,
    transactions: transactionFacts(block, accepted, receipts),
    usedNonces: block.transactions
      .map(({ from, nonce, hash }) => ({ sender: getAddress(from), nonce, hash }))
      .filter(({ sender }) => relayers.has(sender)),
    ...{ openings, chunks, retries, closings, executions },
    transfers: accepted.transfers,
    ...(await readStates(reader.client, tooOld ? null : block.hash, wanted)),
  };
}

/** Transfers of registered tokens from or to accounts, in groups of accounts. A transfer between two is there once. */
async function readTransfers(
  client: EvmClient,
  block: EvmBlock,
  accounts: readonly TrackedAccount[],
  assets: readonly TrackedAsset[],
): Promise<EvmLog[]> {
  if (accounts.length === 0 || assets.length === 0 || block.transactions.length === 0) return [];
  const addresses = assets.map((asset) => asset.address);
  const queries: Promise<EvmLog[]>[] = [];
  for (let start = 0; start < accounts.length; start += MAX_ADDRESSES_PER_LOG_FILTER) {
    const group = accounts
      .slice(start, start + MAX_ADDRESSES_PER_LOG_FILTER)
      .map((account) => pad(account.address, { size: 32 }).toLowerCase() as Hash);
    queries.push(readLogs(client, block, { addresses, topics: [TRANSFER_TOPIC, group] }));
    queries.push(readLogs(client, block, { addresses, topics: [TRANSFER_TOPIC, null, group] }));
  }
  const logs = (await Promise.all(queries)).flat();
  return [...new Map(logs.map((log) => [log.logIndex, log])).values()];
}

/** What our own receipts contain and what the block's logs contain must be the same. */
function requireSameLogs(logs: readonly EvmLog[], receipts: readonly EvmReceipt[]): void {
  const logsOf = Map.groupBy(logs, (log) => log.transactionHash);
  for (const { transactionHash, logs: received } of receipts) {
    const told = logsOf.get(transactionHash) ?? [];
    const indices = new Set(told.map((log) => `${log.address}:${log.logIndex}`));
    if (
      told.length !== received.length ||
      !received.every((log) => indices.has(`${log.address}:${log.logIndex}`))
    ) {
      throw new NodeAnswerError("A block's logs and a receipt contradict each other.", {
        transactionHash,
        logs: told.length,
        receipt: received.length,
      });
    }
  }
}

/** Our transactions, and those of others that did something here. */
function transactionFacts(
  block: EvmBlock,
  accepted: AcceptedFacts,
  receipts: readonly EvmReceipt[],
): TransactionFact[] {
  const receiptOf = new Map(receipts.map((receipt) => [receipt.transactionHash, receipt]));
  const touches = Map.groupBy(accepted.touches, (touch) => touch.transactionHash);
  return block.transactions.flatMap((transaction) => {
    const receipt = receiptOf.get(transaction.hash);
    const touched = touches.get(transaction.hash) ?? [];
    if (receipt === undefined && touched.length === 0) return [];
    return [
      {
        hash: transaction.hash,
        sender: getAddress(transaction.from),
        nonce: transaction.nonce,
        // What has left logs has succeeded.
        succeeded: receipt?.succeeded ?? true,
        feeUnits: receipt?.feeUnits ?? null,
        organizationId: onlyOf(touched.map((touch) => touch.organizationId)),
        accountId: onlyOf(touched.map((touch) => touch.accountId)),
        batchId: onlyOf(touched.flatMap((touch) => touch.batchId ?? [])),
      },
    ];
  });
}

/** The value that all share; null when there is none, or several. */
function onlyOf(values: readonly string[]): string | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

function headerOf(block: EvmBlock) {
  const { number, hash, parentHash } = block;
  return { number, hash, parentHash, timestamp: new Date(Number(block.timestamp) * 1000) };
}
