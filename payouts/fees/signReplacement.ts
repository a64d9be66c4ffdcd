import { parseTransaction, toHex } from 'viem';
import type { Fees, MarketFees } from '../../chains/evm/client/readFees.ts';
import { required } from '../../core/errors.ts';
import type { UnitOfWork } from '../../events/unitOfWork.ts';
import type { DatabaseTransaction } from '../../prisma/database.ts';
import { followReplacement } from '../../transitions/moveChunks.ts';
import { giveUpTransaction, nameReplacement } from '../../transitions/moveTransactions.ts';
import { lockPayoutBatch } from '../../transitions/payoutBatchStatus.ts';
import { settleBatch } from '../../transitions/settleBatch.ts';
import type { RecoveredLane } from '../relayer/recoveredLane.ts';
import type { RelayerKey } from '../relayer/relayerKey.ts';
import { type SignedBytes, signTransaction } from '../relayer/signTransaction.ts';
import { limitsBelow, loweredOffer, mostOffered, type Raise, raisedOffer } from './feeArithmetic.ts';
import { type ChainLimits, limitsFor } from './feePolicy.ts';
import { offeredFees } from './findWaiting.ts';

/** A nonce has at most so many transactions; the last of them offers all that may be offered. */
const MAX_TRANSACTIONS_PER_NONCE = 12;

export type Replacement = {
  readonly lane: RecoveredLane;
  readonly key: RelayerKey;
  readonly market: MarketFees;
  readonly limits: ChainLimits;
  /** What publishing a byte costs besides gas. */
  readonly unitsPerByte: bigint;
  /** Native base units that nothing which waits in the lane may cost. */
  readonly spareUnits: bigint;
  readonly replacedId: string;
  readonly change: Raise | 'LOWER';
};

type ReplacedRow = NonNullable<Awaited<ReturnType<typeof lockReplaced>>>;

/** Bytes that are stored, in the place of older ones. */
export type SignedReplacement = {
  readonly id: string;
  readonly rawTransaction: Buffer;
  readonly fees: Fees;
  readonly replaced: ReplacedRow;
  /** Native base units that it may cost more than what it replaces. */
  readonly addedUnits: bigint;
};

/**
 * Signs a transaction anew with its nonce and other fees, stores it, and makes the older one REPLACED. Locks in the
 * engine's order: batch, lane, transaction.
 * @returns null when blocks or another worker have settled it meanwhile, when no such offer is allowed, or none that the
 *   relayer can pay
 */
export async function signReplacement(
  work: UnitOfWork,
  replacement: Replacement,
): Promise<SignedReplacement | null> {
  const { database } = work;
  const { lane, key, unitsPerByte, spareUnits } = replacement;
  const replaced = await lockReplaced(database, replacement);
  if (replaced === null) return null;
  const offers = await readOffers(database, lane, replaced.nonce);
  const parsed = parseTransaction(toHex(replaced.rawTransaction));
  const gas = required(parsed.gas, 'The gas limit');
  const fees = changedOffer(offers, gas, replacement);
  if (fees === null) return null;
  const dataUnits = unitsPerByte * BigInt(replaced.rawTransaction.length);
  const addedUnits = gas * (fees.maxFeePerGas - required(parsed.maxFeePerGas, 'The offer')) + dataUnits;
  // One that is lowered is paid for in any case.
  if (addedUnits > 0n && addedUnits > spareUnits) return null;
  const signed = await signTransaction(key, {
    ...{ chainId: lane.eip155ChainId, nonce: replaced.nonce, gas, ...fees },
    ...{ to: required(parsed.to, 'The recipient'), data: parsed.data ?? '0x' },
  });
  // The older one first: a nonce belongs to one transaction that was not replaced.
  if (!(await giveUpTransaction(database, replaced.id))) return null;
  const id = await store(database, replacement, replaced, signed, fees);
  await nameReplacement(database, replaced.id, id);
  await moveChunk(work, replaced, id);
  return { id, rawTransaction: signed.rawTransaction, fees, replaced, addedUnits };
}

/** Locks the transaction's batch, the lane, and the transaction, when it still waits. */
async function lockReplaced(database: DatabaseTransaction, { lane, replacedId }: Replacement) {
  const found = await database
    .selectFrom('chainTransaction')
    .select('batchId')
    .where('id', '=', replacedId)
    .executeTakeFirstOrThrow();
  if (found.batchId !== null) await lockPayoutBatch(database, found.batchId);
  await database
    .selectFrom('relayerLane')
    .select('nextNonce')
    .where('chainId', '=', lane.id)
    .where('address', '=', lane.address)
    .forUpdate()
    .execute();
  const row = await database
    .selectFrom('chainTransaction')
    .select(['id', 'kind', 'hash', 'sender', 'nonce', 'rawTransaction'])
    .select(['organizationId', 'accountId', 'batchId', 'chunkIndex', 'approvalId', 'gasLimit'])
    .where('id', '=', replacedId)
    .where('status', 'in', ['SIGNED', 'BROADCAST'])
    .forUpdate()
    // The indexer is settling it.
    .skipLocked()
    .executeTakeFirst();
  if (row === undefined) return null;
  const rawTransaction = required(row.rawTransaction, 'The signed bytes');
  return { ...row, rawTransaction, nonce: required(row.nonce, 'The nonce') };
}

type Offers = {
  /** A pool may hold any of them. */
  readonly held: readonly Fees[];
  /** More than nodes let anybody offer. */
  readonly refused: readonly Fees[];
};

function changedOffer(
  { held, refused }: Offers,
  gas: bigint,
  { market, limits, change }: Replacement,
): Fees | null {
  const allowed = limitsBelow(refused, limitsFor(limits, gas));
  const most = held.length === 0 ? null : mostOffered(held);
  if (change === 'LOWER' || most === null) return loweredOffer(most, market, allowed);
  const raise = held.length + 1 >= MAX_TRANSACTIONS_PER_NONCE ? 'LAST' : change;
  return raisedOffer(most, market, allowed, raise);
}

/** Of every transaction of ours with this nonce. */
async function readOffers(
  database: DatabaseTransaction,
  lane: RecoveredLane,
  nonce: bigint,
): Promise<Offers> {
  const rows = await database
    .selectFrom('chainTransaction')
    .select(['maxFeePerGas', 'maxPriorityFeePerGas', 'rawTransaction', 'lastRefusal'])
    .where('chainId', '=', lane.id)
    .where('sender', '=', lane.address)
    .where('nonce', '=', nonce)
    .where('rawTransaction', 'is not', null)
    .execute();
  const isRefused = ({ lastRefusal }: (typeof rows)[number]) => lastRefusal === 'FEE_CAP';
  return {
    held: rows.filter((row) => !isRefused(row)).map(offeredFees),
    refused: rows.filter(isRefused).map(offeredFees),
  };
}

async function store(
  database: DatabaseTransaction,
  { lane, market }: Replacement,
  replaced: ReplacedRow,
  signed: SignedBytes,
  fees: Fees,
): Promise<string> {
  const { kind, organizationId, accountId, batchId, chunkIndex, approvalId, sender, nonce, gasLimit } =
    replaced;
  const { id } = await database
    .insertInto('chainTransaction')
    .values({
      ...{ kind, organizationId, accountId, batchId, chunkIndex, approvalId, sender, nonce, gasLimit },
      chainId: lane.id,
      status: 'SIGNED',
      ...signed,
      ...fees,
      signedAtBlock: market.headNumber,
      broadcastCount: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A chunk's transaction is the newest that may execute it; who watches its payouts is told. */
async function moveChunk(work: UnitOfWork, replaced: ReplacedRow, id: string): Promise<void> {
  const { kind, batchId, chunkIndex } = replaced;
  if (kind !== 'CHUNK' || batchId === null || chunkIndex === null) return;
  const moved = await followReplacement(work.database, { batchId, chunkIndex }, replaced.id, id);
  if (moved === null) return;
  const { firstRowIndex, rowCount } = moved;
  await settleBatch(work, {
    batchId,
    reorged: false,
    changes: [
      {
        firstIndex: firstRowIndex,
        lastIndex: firstRowIndex + rowCount - 1,
        status: 'SUBMITTED',
        transactionId: id,
      },
    ],
  });
}
