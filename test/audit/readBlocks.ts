import {
  addressIn,
  BATCH_OPENED,
  CHUNK_EXECUTED,
  dataWord,
  EXECUTE,
  firstArgument,
  OPENED_TOKEN_WORD,
  TRANSFER,
} from './contracts.ts';
import { ask, toHex } from './rpc.ts';

/** What to look for, and where: blocks `from` + 1 to `to`. Addresses in any case. */
export type Scope = {
  rpcUrl: string;
  token: string;
  factory: string;
  relayers: readonly string[];
  from: bigint;
  to: bigint;
};

/** A transaction that a relayer has in a block. */
export type RelayerTransaction = {
  sender: string;
  nonce: number;
  hash: string;
  status: 'SUCCESS' | 'REVERTED';
  block: number;
};

/** A chunk's execution that a vault logged, or a relayer's transaction that asks for one. `order` is its place in the chain. */
export type ChunkTransaction = {
  vault: string;
  chunk: bigint;
  hash: string;
  order: number;
  byRelayer: boolean;
};

/** Everything that the blocks say. Addresses are in lower case. */
export type Blocks = {
  /** Of batches in the token. */
  vaults: string[];
  executions: ChunkTransaction[];
  /** Transactions of relayers that call `execute` of a vault, whether they did anything or not. */
  attempts: ChunkTransaction[];
  relayerTransactions: RelayerTransaction[];
  transfers: { from: string; to: string; units: bigint }[];
};

type Log = { address: string; topics: string[]; data: string };
type Receipt = { transactionHash: string; status: string; logs: Log[] };
type Transaction = { hash: string; from: string; to: string | null; nonce: string; input: string };
type Block = { transactions: Transaction[] };

const BLOCKS_PER_PAGE = 50;

/** Reads every block, every transaction and every receipt, so that nothing depends on how a node looks for logs. */
export async function readBlocks(scope: Scope): Promise<Blocks> {
  const relayers = new Set(scope.relayers.map((address) => address.toLowerCase()));
  const found: Blocks = { vaults: [], executions: [], attempts: [], relayerTransactions: [], transfers: [] };
  let order = 0;
  for (let first = scope.from + 1n; first <= scope.to; first += BigInt(BLOCKS_PER_PAGE)) {
    const numbers = Array.from({ length: BLOCKS_PER_PAGE }, (_, index) => first + BigInt(index));
    const page = numbers.filter((number) => number <= scope.to);
    const [blocks, receipts] = await Promise.all([
      ask<Block>(
        scope.rpcUrl,
        page.map((number) => ({ method: 'eth_getBlockByNumber', params: [toHex(number), true] })),
      ),
      ask<Receipt[]>(
        scope.rpcUrl,
        page.map((number) => ({ method: 'eth_getBlockReceipts', params: [toHex(number)] })),
      ),
    ]);
    for (const [position, { transactions }] of blocks.entries()) {
      const byHash = new Map(receipts[position]?.map((receipt) => [receipt.transactionHash, receipt]));
      for (const transaction of transactions) {
        const receipt = byHash.get(transaction.hash);
        if (receipt === undefined) throw new Error(`The node has no receipt of ${transaction.hash}.`);
        const sender = transaction.from.toLowerCase();
        const place = { order, byRelayer: relayers.has(sender), hash: transaction.hash };
        order += 1;
        if (place.byRelayer) {
          found.relayerTransactions.push({
            ...{ sender, nonce: Number(transaction.nonce), hash: transaction.hash },
            status: receipt.status === '0x1' ? 'SUCCESS' : 'REVERTED',
            block: Number(page[position]),
          });
          readAttempt(transaction, place, found);
        }
        for (const log of receipt.logs) readLog(log, scope, place, found);
      }
    }
  }
  return found;
}

type Place = { order: number; byRelayer: boolean; hash: string };

function readAttempt({ to, input }: Transaction, place: Place, found: Blocks): void {
  const chunk = input.startsWith(EXECUTE) ? firstArgument(input) : null;
  if (to !== null && chunk !== null) found.attempts.push({ vault: to.toLowerCase(), chunk, ...place });
}

function readLog(log: Log, { token, factory }: Scope, place: Place, found: Blocks): void {
  const emitter = log.address.toLowerCase();
  const [topic, first = '', second = '', third = ''] = log.topics;
  if (topic === TRANSFER && emitter === token.toLowerCase()) {
    found.transfers.push({ from: addressIn(first), to: addressIn(second), units: BigInt(log.data) });
  } else if (topic === BATCH_OPENED && emitter === factory.toLowerCase()) {
    if (addressIn(dataWord(log.data, OPENED_TOKEN_WORD)) === token.toLowerCase())
      found.vaults.push(addressIn(third));
  } else if (topic === CHUNK_EXECUTED) {
    found.executions.push({ vault: emitter, chunk: BigInt(first), ...place });
  }
}
