import { type Address, type Hex, size } from 'viem';
import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { preferChecked } from '../../chains/evm/client/nodes/inconclusive.ts';
import {
  readDelegation,
  readNativeBalance,
  readNonce,
  readPooledNonce,
} from '../../chains/evm/client/readRelayer.ts';
import { MAX_TRANSACTION_GAS } from '../../chains/evm/codec/payoutGas.ts';
import { required } from '../../core/errors.ts';
import { largerOf } from '../../core/largerOf.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { TransactionKind } from '../../prisma/generated/database.ts';
import { type FeeQuote, gasWithData, mostCost, quoteFees } from '../fees/quoteFees.ts';
import { chainOf, type PayoutEngine } from '../payoutEngine.ts';
import type { LaneChain } from './laneChain.ts';
import { NO_LOAD, readLaneLoads } from './laneLoad.ts';
import { type LaneSize, laneRoom, payableCount } from './laneRoom.ts';
import { findFreeNonce, nextStoredNonce } from './nextNonce.ts';
import type { RelayerKey } from './relayerKey.ts';
import { type SignedBytes, signTransaction } from './signTransaction.ts';

/** One relayer key on one chain, and what nodes say about it at this moment. */
export type Lane = LaneSize & {
  readonly key: RelayerKey;
  readonly chain: LaneChain;
  readonly client: EvmClient;
  readonly quote: FeeQuote;
  /** The nonce after the last included transaction. */
  readonly includedNonce: bigint;
  /** The first that nothing has, as far as was known before the lane is locked. */
  readonly freeNonce: bigint;
  /** Nonces right below it that something else than this system has used, or is about to. */
  readonly foreignNonces: bigint;
  /** Native base units that pay for gas. */
  readonly balance: bigint;
};

/** A lane whose row this transaction holds. */
export type LockedLane = Lane & {
  readonly nextNonce: bigint;
  /** How many more transactions of `gasLimit` it takes, and can pay for. */
  readonly room: number;
  /** Native base units that nothing which is under way may cost. */
  readonly spareUnits: bigint;
};

export type TransactionDraft = {
  readonly kind: TransactionKind;
  readonly organizationId: string | null;
  readonly accountId: string | null;
  readonly batchId: string | null;
  readonly chunkIndex: number | null;
  readonly approvalId: string | null;
  readonly to: Address;
  readonly data: Hex;
  readonly gasLimit: bigint;
};

/** A transaction whose bytes are stored. */
export type SignedTransaction = SignedBytes & { readonly id: string };

/**
 * Asks the nodes what signing in this lane needs to know.
 * @param gasLimit of the largest transaction that is to be signed
 * @throws FeesTooHighError, viem's errors
 */
export async function readLane(
  engine: PayoutEngine,
  chain: LaneChain,
  key: RelayerKey,
  gasLimit = MAX_TRANSACTION_GAS,
): Promise<Lane> {
  const nodes = chainOf(engine, chain.eip155ChainId);
  const { client } = nodes;
  const { address } = key;
  // One node alone could hold a lane up, or fill it beyond what blocks take.
  const settled = preferChecked(nodes, (one) =>
    Promise.all([
      readNonce(one, address),
      readNativeBalance(one, address),
      readDelegation(one, address),
      one.getBlock({ blockTag: 'latest' }),
    ]),
  );
  const [quote, pooledNonce, [includedNonce, balance, delegatedTo, head]] = await Promise.all([
    quoteFees(engine, chain, gasLimit),
    readPooledNonce(client, address),
    settled,
  ]);
  engine.metrics.laneBalance(chain.eip155ChainId, address, balance);
  // Asked after the node was: what others of us have sent since is known here.
  const free = await findFreeNonce(engine, chain, address, { includedNonce, pooledNonce });
  return {
    ...{ key, chain, client, quote, includedNonce, balance, delegatedTo, gasLimit },
    freeNonce: free.nonce,
    foreignNonces: free.foreign,
    blockGasLimit: head.gasLimit,
    laneCount: engine.relayers.length,
  };
}

/**
 * Takes the lane for this transaction: nobody else signs with the key on this chain until it ends. It goes on behind all
 * that is stored for it, and behind what others have used of the key's nonces.
 */
export async function lockLane(database: DatabaseTransaction, lane: Lane): Promise<LockedLane> {
  const { address } = lane.key;
  await database
    .insertInto('relayerLane')
    .values({ chainId: lane.chain.id, address, nextNonce: lane.freeNonce })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await database
    .selectFrom('relayerLane')
    .select('nextNonce')
    .where('chainId', '=', lane.chain.id)
    .where('address', '=', address)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const stored = (await nextStoredNonce(database, lane.chain.id, address)) ?? 0n;
  const load = (await readLaneLoads(database, lane.chain.id)).get(address) ?? NO_LOAD;
  const spareUnits = lane.balance - load.units;
  const payable = payableCount(spareUnits, mostCost(lane.quote, lane.gasLimit));
  return {
    ...lane,
    nextNonce: largerOf(stored, lane.freeNonce),
    room: Math.min(laneRoom(lane, load), payable),
    spareUnits,
  };
}

/** Signs the drafts with the lane's next nonces, in their order, and stores the bytes. Nothing is sent. */
export async function signNext(
  database: DatabaseTransaction,
  lane: LockedLane,
  drafts: readonly TransactionDraft[],
): Promise<SignedTransaction[]> {
  const signed = await signFrom(database, lane, lane.nextNonce, drafts);
  await database
    .updateTable('relayerLane')
    .set({ nextNonce: lane.nextNonce + BigInt(drafts.length) })
    .where('chainId', '=', lane.chain.id)
    .where('address', '=', lane.key.address)
    .execute();
  return signed;
}

/** As signNext, but from a nonce that the caller has found unused. The lane itself does not move. */
export async function signFrom(
  database: DatabaseTransaction,
  lane: LockedLane,
  firstNonce: bigint,
  drafts: readonly TransactionDraft[],
): Promise<SignedTransaction[]> {
  const { quote } = lane;
  const gasLimits = drafts.map(({ gasLimit, data }) => gasWithData(quote, gasLimit, size(data)));
  const signed = await Promise.all(
    drafts.map(({ to, data }, index) =>
      signTransaction(lane.key, {
        chainId: lane.chain.eip155ChainId,
        nonce: firstNonce + BigInt(index),
        gas: required(gasLimits[index], 'A gas limit'),
        ...{ to, data, ...quote.fees },
      }),
    ),
  );
  const rows = drafts.map(({ kind, organizationId, accountId, batchId, chunkIndex, approvalId }, index) => {
    return {
      ...required(signed[index], 'A signed transaction'),
      ...{ kind, organizationId, accountId, batchId, chunkIndex, approvalId },
      chainId: lane.chain.id,
      status: 'SIGNED' as const,
      sender: lane.key.address,
      nonce: firstNonce + BigInt(index),
      gasLimit: required(gasLimits[index], 'A gas limit'),
      ...quote.fees,
      signedAtBlock: quote.market.headNumber,
      broadcastCount: 0,
    };
  });
  const inserted = await database
    .insertInto('chainTransaction')
    .values(rows)
    .returning(['id', 'hash'])
    .execute();
  const idOf = new Map(inserted.map(({ id, hash }) => [hash, id]));
  return signed.map((transaction) => ({
    id: required(idOf.get(transaction.hash), 'The stored transaction'),
    ...transaction,
  }));
}
