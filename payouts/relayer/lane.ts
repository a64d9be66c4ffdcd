import { type Address, type Hex, keccak256, size } from 'viem';
import type { EvmClient } from '../../chains/evm/client/evmClient.ts';
import { readNativeBalance, readNonce } from '../../chains/evm/client/readRelayer.ts';
import { required } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import type { TransactionKind } from '../../prisma/generated/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../../transitions/chainTransactionStatus.ts';
import { type FeeQuote, gasWithData, quoteFees } from '../fees/quoteFees.ts';
import { clientOf, type PayoutEngine } from '../payoutEngine.ts';
import type { RelayerKey } from './relayerKey.ts';

/** Nodes keep only so many transactions of one sender in their pools. */
export const MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE = 256;

/** A chain, as the engine addresses it. */
export type LaneChain = { readonly id: string; readonly eip155ChainId: number };

/** One relayer key on one chain, and what the node says about it at this moment. */
export type Lane = {
  readonly key: RelayerKey;
  readonly chain: LaneChain;
  readonly client: EvmClient;
  readonly quote: FeeQuote;
  /** The nonce after the last included transaction. */
  readonly includedNonce: bigint;
  /** The same, counting what waits in the node's pool. */
  readonly pooledNonce: bigint;
  /** Native base units that pay for gas. */
  readonly balance: bigint;
};

/** A lane whose row this transaction holds. */
export type LockedLane = Lane & { readonly nextNonce: bigint; readonly room: number };

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
export type SignedTransaction = { readonly id: string; readonly hash: Hex; readonly rawTransaction: Hex };

/** Asks the node what signing in this lane needs to know. @throws FeesTooHighError, viem's errors */
export async function readLane(
  engine: PayoutEngine,
  chain: LaneChain,
  key: RelayerKey = required(engine.relayers[0], 'A relayer key'),
): Promise<Lane> {
  const client = clientOf(engine, chain.eip155ChainId);
  const { address } = key;
  const [quote, includedNonce, pooledNonce, balance] = await Promise.all([
    quoteFees(engine, chain),
    readNonce(client, address),
    client.getTransactionCount({ address, blockTag: 'pending' }),
    readNativeBalance(client, address),
  ]);
  return {
    key,
    chain,
    client,
    quote,
    includedNonce,
    pooledNonce: BigInt(pooledNonce),
    balance,
  };
}

/**
 * Takes the lane for this transaction: nobody else signs with the key on this chain until it ends. A new lane begins
 * where the node's pool ends; one whose key was used elsewhere goes on behind what the chain has included.
 */
export async function lockLane(database: DatabaseTransaction, lane: Lane): Promise<LockedLane> {
  const { address } = lane.key;
  await database
    .insertInto('relayerLane')
    .values({ chainId: lane.chain.id, address, nextNonce: lane.pooledNonce })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await database
    .selectFrom('relayerLane')
    .select('nextNonce')
    .where('chainId', '=', lane.chain.id)
    .where('address', '=', address)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { inFlight } = await database
    .selectFrom('chainTransaction')
    .select((eb) => eb.fn.countAll<bigint>().as('inFlight'))
    .where('chainId', '=', lane.chain.id)
    .where('sender', '=', address)
    .where('status', 'in', UNSETTLED_TRANSACTION_STATUSES)
    .executeTakeFirstOrThrow();
  return {
    ...lane,
    nextNonce: larger(row.nextNonce, lane.includedNonce),
    room: Math.max(0, MAX_IN_FLIGHT_TRANSACTIONS_PER_LANE - Number(inFlight)),
  };
}

function larger(left: bigint, right: bigint): bigint {
  if (left > right) return left;
  return right;
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
  const raw = await Promise.all(
    drafts.map((draft, index) =>
      lane.key.signTransaction({
        type: 'eip1559',
        chainId: lane.chain.eip155ChainId,
        nonce: Number(firstNonce) + index,
        to: draft.to,
        data: draft.data,
        value: 0n,
        gas: required(gasLimits[index], 'A gas limit'),
        ...quote.fees,
      }),
    ),
  );
  const rows = drafts.map(({ kind, organizationId, accountId, batchId, chunkIndex, approvalId }, index) => {
    const rawTransaction = required(raw[index], 'A signed transaction');
    return {
      ...{ kind, organizationId, accountId, batchId, chunkIndex, approvalId },
      chainId: lane.chain.id,
      status: 'SIGNED' as const,
      hash: keccak256(rawTransaction),
      rawTransaction: Buffer.from(rawTransaction.slice(2), 'hex'),
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
  return rows.map(({ hash }, index) => ({
    id: required(idOf.get(hash), 'The stored transaction'),
    hash,
    rawTransaction: required(raw[index], 'A signed transaction'),
  }));
}
