import { type Address, encodeFunctionData, getAddress, type Hash, type Hex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { encodeExecTransaction } from '../../chains/evm/codec/encodeExecTransaction.ts';
import { encodeExecuteChunk } from '../../chains/evm/codec/encodeExecuteChunk.ts';
import { executeGasLimit, retryGasLimit } from '../../chains/evm/codec/payoutGas.ts';
import { safeAbi } from '../../chains/evm/codec/safeAbi.ts';
import {
  plainSafeTransaction,
  type SafeTransaction,
  safeTransactionHash,
} from '../../chains/evm/codec/safeTransaction.ts';
import { developmentUsdcAbi } from '../../contracts/abi/developmentUsdc.ts';
import { payoutVaultAbi } from '../../contracts/abi/payoutVault.ts';
import { required } from '../../core/errors.ts';
import type { PayoutRange } from '../../events/eventPayloads.ts';
import { loadChunkTree } from '../../payouts/chunkTrees.ts';
import { loadBatch } from '../../payouts/loadBatch.ts';
import type { EventType } from '../../prisma/generated/database.ts';
import type { PayoutsKit } from './payoutsKit.ts';

/** Sends a call as somebody who has nothing to do with the system; a block must be mined for it. */
export async function sendAsStranger(
  kit: PayoutsKit,
  call: { to: Hex; data: Hex; gas?: bigint },
  stranger = 0,
): Promise<Hash> {
  const { privateKey } = required(kit.chain.strangers[stranger], 'A stranger');
  const account = privateKeyToAccount(privateKey);
  return kit.chain.client.sendTransaction({ account, chain: null, ...call });
}

/** Executes a chunk as a stranger who has the batch's manifest. */
export async function executeAsStranger(kit: PayoutsKit, batchId: string, chunkIndex: number): Promise<Hash> {
  const { rows, proof, to, gasPerPayout } = await readChunk(kit, batchId, chunkIndex);
  return sendAsStranger(kit, {
    to,
    data: encodeExecuteChunk({ chunkIndex, rows, proof }),
    gas: executeGasLimit({ rowCount: rows.length / 32, gasPerPayout, proofLength: proof.length }),
  });
}

/** Tries owed rows of a chunk again, as a stranger. */
export async function retryAsStranger(
  kit: PayoutsKit,
  batchId: string,
  chunkIndex: number,
  rowMask: bigint,
): Promise<Hash> {
  const { rows, proof, to, gasPerPayout } = await readChunk(kit, batchId, chunkIndex);
  const rowCount = rows.length / 32;
  return sendAsStranger(kit, {
    to,
    data: encodeFunctionData({
      abi: payoutVaultAbi,
      functionName: 'retry',
      args: [BigInt(chunkIndex), toHex(rows), proof, rowMask],
    }),
    gas: retryGasLimit({ rowCount, gasPerPayout, proofLength: proof.length, retriedCount: rowCount }),
  });
}

/** Makes the token refuse a recipient, or take it again; mined with the next block. */
export async function setBlocked(kit: PayoutsKit, recipient: Hex, blocked: boolean): Promise<Hash> {
  return sendAsStranger(kit, {
    to: kit.token,
    data: encodeFunctionData({
      abi: developmentUsdcAbi,
      functionName: 'setBlocked',
      args: [recipient, blocked],
    }),
  });
}

/** An entry of the log: its type, and of its payload what tests look at. */
export type Entry = { type: EventType; status?: string; changes?: PayoutRange[] };

/** What the log says of an object, in order. */
export async function entriesOf(kit: PayoutsKit, subjectId: string): Promise<Entry[]> {
  const rows = await kit.database
    .selectFrom('event')
    .select(['number', 'type', 'payload'])
    .where('subjectId', '=', subjectId)
    .orderBy('number')
    .execute();
  return rows.map(({ type, payload }) => ({ type, ...(payload as Omit<Entry, 'type'>) }));
}

/** Chunks of a batch with the transaction they have. */
export async function chunksOf(kit: PayoutsKit, batchId: string) {
  return kit.database
    .selectFrom('payoutChunk')
    .leftJoin('chainTransaction', 'chainTransaction.id', 'payoutChunk.transactionId')
    .select([
      'payoutChunk.chunkIndex',
      'payoutChunk.status',
      'chainTransaction.kind',
      'chainTransaction.hash',
    ])
    .where('payoutChunk.batchId', '=', batchId)
    .orderBy('payoutChunk.chunkIndex')
    .execute();
}

/** Rows that differ from their chunks. */
export async function exceptionsOf(kit: PayoutsKit, batchId: string) {
  return kit.database
    .selectFrom('payoutException')
    .select(['rowIndex', 'chunkIndex', 'status', 'failureCode'])
    .where('batchId', '=', batchId)
    .orderBy('rowIndex')
    .execute();
}

/** Transfers of an account, in chain order. */
export async function transfersOf(kit: PayoutsKit, accountId: string) {
  return kit.database
    .selectFrom('transfer')
    .innerJoin('chainTransaction', 'chainTransaction.id', 'transfer.transactionId')
    .select(['transfer.id', 'direction', 'counterparty', 'units', 'transfer.status', 'chainTransaction.kind'])
    .where('transfer.accountId', '=', accountId)
    .orderBy('transfer.blockNumber')
    .orderBy('logIndex')
    .orderBy('transfer.id')
    .execute();
}

/** The balance that the indexer has of an account; null while it does not know. */
export async function indexedBalanceOf(kit: PayoutsKit, accountId: string): Promise<bigint | null> {
  const row = await kit.database
    .selectFrom('accountBalance')
    .select('units')
    .where('accountId', '=', accountId)
    .where('assetId', '=', kit.assetId)
    .executeTakeFirst();
  return row?.units ?? null;
}

async function readChunk(kit: PayoutsKit, batchId: string, chunkIndex: number) {
  const loaded = required(await loadBatch(kit.database, batchId), 'The batch');
  const tree = required(await loadChunkTree(kit.database, loaded), 'The tree');
  const { packedRows } = await kit.database
    .selectFrom('payoutChunk')
    .select('packedRows')
    .where('batchId', '=', batchId)
    .where('chunkIndex', '=', chunkIndex)
    .executeTakeFirstOrThrow();
  return {
    rows: packedRows,
    proof: tree.proof(chunkIndex),
    to: getAddress(loaded.vault),
    gasPerPayout: loaded.batch.gasPerPayout,
  };
}

/** Lets two owners execute any call of an account at its next nonce, by a stranger's hand, as another Safe tool would. */
export async function executeElsewhere(
  kit: PayoutsKit,
  safe: Address,
  call: Pick<SafeTransaction, 'to' | 'data' | 'operation'>,
): Promise<Hash> {
  const nonce = await kit.chain.client.readContract({ address: safe, abi: safeAbi, functionName: 'nonce' });
  const transaction = plainSafeTransaction({ ...call, nonce });
  const digest = safeTransactionHash({ chainId: kit.chain.chainId, safe }, transaction);
  const signatures = await Promise.all(
    kit.approvers.slice(0, 2).map(async ({ address, privateKey }) => ({
      owner: address,
      signature: await privateKeyToAccount(privateKey).sign({ hash: digest }),
    })),
  );
  const data = encodeExecTransaction(transaction, signatures);
  return sendAsStranger(kit, { to: safe, data, gas: 2_000_000n });
}

/**
 * Replaces the newest blocks by empty ones.
 * @throws when the node did nothing: anvil 1.7.1 answers so above some 130 blocks that were mined in quick succession
 */
export async function reorgChain(kit: PayoutsKit, depth: number): Promise<void> {
  const before = await kit.chain.client.getBlock();
  await kit.chain.reorg(depth);
  const after = await kit.chain.client.getBlock();
  if (after.hash === before.hash) throw new Error(`No reorg happened at block ${before.number}.`);
}
