import { sql } from 'kysely';
import { readNonce } from '../chains/evm/client/readRelayer.ts';
import { largerOf } from '../core/largerOf.ts';
import type { Queryable } from '../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { broadcast } from './broadcast.ts';
import { FeesTooHighError } from './fees/quoteFees.ts';
import { checkedClientOf, clientOf, type PayoutEngine } from './payoutEngine.ts';
import {
  type Lane,
  lockLane,
  readLane,
  type SignedTransaction,
  signFrom,
  type TransactionDraft,
} from './relayer/lane.ts';
import type { RecoveredLane } from './relayer/recoveredLane.ts';
import type { RelayerKey } from './relayer/relayerKey.ts';

/** A transaction that waits so long may wait for one that is not there. */
const GAP_AFTER_MS = 15_000;
const MAX_GAP_NONCES_PER_ROUND = 16;
const TRANSFER_GAS_LIMIT = 21_000n;

/**
 * Every nonce of ours has a stored transaction, and yet one may be missing: the lane went on behind transactions of
 * somebody else's that the node had and then lost, or another's took a nonce of ours in a block that a reorg took out. All
 * later ones would wait for ever. Where ours was given up for another's, its bytes are sent again: it is as good as on the
 * first day. Other nonces are used up by transfers of nothing to ourselves. If the others come back after all, one of the
 * two is included, and either is right. Only the transfers need the key.
 */
export async function fillGap(engine: PayoutEngine, gapped: RecoveredLane): Promise<void> {
  const until = await findGapEnd(engine, gapped);
  if (until === null || until <= gapped.includedNonce) return;
  // A node that is behind takes what blocks have used for missing.
  const checked = await readNonce(checkedClientOf(engine, gapped.eip155ChainId), gapped.address);
  const gap = { from: largerOf(checked, gapped.includedNonce), until };
  // Sending needs no key, and no lane.
  const { lost } = await findMissing(engine.log.database, gapped, gap);
  const signed = gapped.key === null ? [] : await signFillers(engine, gapped, gapped.key, gap);
  if (signed.length + lost.length === 0) return;
  engine.metrics.gapsFilled(gapped.eip155ChainId, signed.length + lost.length);
  engine.logger.warn(
    {
      ...{ chain: `eip155:${gapped.eip155ChainId}`, relayer: gapped.address },
      ...{ count: signed.length, sentAgain: lost.length },
    },
    'a gap in the nonces is filled',
  );
  await broadcast(engine, clientOf(engine, gapped.eip155ChainId), [...lost, ...signed]);
}

/** Nonces from the first, up to what the second is not part of. */
type Gap = { readonly from: bigint; readonly until: bigint };

async function signFillers(
  engine: PayoutEngine,
  gapped: RecoveredLane,
  key: RelayerKey,
  gap: Gap,
): Promise<SignedTransaction[]> {
  const { unknown } = await findMissing(engine.log.database, gapped, gap);
  if (unknown.length === 0) return [];
  const lane = await readLaneOrNull(engine, gapped, key);
  if (lane === null) return [];
  return engine.log.database.transaction().execute(async (database) => {
    const locked = await lockLane(database, lane);
    const signed: SignedTransaction[] = [];
    // Read anew: other workers fill gaps, too.
    for (const nonce of (await findMissing(database, gapped, gap)).unknown) {
      signed.push(...(await signFrom(database, locked, nonce, [transferOfNothing(key)])));
    }
    return signed;
  });
}

type Missing = {
  /** Ours that were given up for another's. */
  readonly lost: readonly GivenUp[];
  /** Of these nothing of ours is left. */
  readonly unknown: readonly bigint[];
};

async function findMissing(database: Queryable, lane: RecoveredLane, { from, until }: Gap): Promise<Missing> {
  const missing = await missingNonces(database, lane, from, until);
  const lost = missing.length === 0 ? [] : await findGivenUp(database, lane, missing);
  const taken = new Set(lost.map(({ nonce }) => nonce));
  return { lost, unknown: missing.filter((nonce) => !taken.has(nonce)) };
}

/** Null while the chain asks for more than may be offered: then nothing behind a gap is included either. */
async function readLaneOrNull(
  engine: PayoutEngine,
  gapped: RecoveredLane,
  key: RelayerKey,
): Promise<Lane | null> {
  try {
    return await readLane(engine, gapped, key);
  } catch (error) {
    if (error instanceof FeesTooHighError) return null;
    throw error;
  }
}

/**
 * Below this nonce none may be missing: it waits, and has for long; or the one below it was given up for another's, and
 * nothing has its nonce.
 */
async function findGapEnd(engine: PayoutEngine, lane: RecoveredLane): Promise<bigint | null> {
  const { rows } = await sql<{ end: bigint | null }>`
    select greatest(
      (select nonce from chain_transaction
        where chain_id = ${lane.id} and sender = ${lane.address} and nonce >= ${lane.includedNonce}
          and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])}) and ${IS_OLD}
        order by nonce limit 1),
      (select max(nonce) + 1 from chain_transaction
        where chain_id = ${lane.id} and sender = ${lane.address} and nonce >= ${lane.includedNonce}
          and raw_transaction is not null and status = 'REPLACED' and replaced_by_id is null and ${IS_OLD})
    ) as end`.execute(engine.log.database);
  return rows[0]?.end ?? null;
}

const IS_OLD = sql`created_at <= clock_timestamp() - ${GAP_AFTER_MS} * interval '1 ms'`;

/** Nonces of [from, to) that no stored transaction has. */
async function missingNonces(
  database: Queryable,
  { id, address }: RecoveredLane,
  from: bigint,
  to: bigint,
): Promise<bigint[]> {
  const stored = await database
    .selectFrom('chainTransaction')
    .select('nonce')
    .where('chainId', '=', id)
    .where('sender', '=', address)
    .where('rawTransaction', 'is not', null)
    .where('status', '<>', 'REPLACED')
    .where('nonce', '>=', from)
    .where('nonce', '<', to)
    .execute();
  const taken = new Set(stored.map(({ nonce }) => nonce));
  const missing: bigint[] = [];
  for (let nonce = from; nonce < to && missing.length < MAX_GAP_NONCES_PER_ROUND; nonce += 1n) {
    if (!taken.has(nonce)) missing.push(nonce);
  }
  return missing;
}

type GivenUp = { readonly id: string; readonly nonce: bigint; readonly rawTransaction: Buffer };

/** The newest of our own transactions for each of these nonces. */
async function findGivenUp(
  database: Queryable,
  lane: RecoveredLane,
  nonces: readonly bigint[],
): Promise<GivenUp[]> {
  const rows = await database
    .selectFrom('chainTransaction')
    .distinctOn('nonce')
    .select(['id', 'nonce', 'rawTransaction'])
    .where('chainId', '=', lane.id)
    .where('sender', '=', lane.address)
    .where('rawTransaction', 'is not', null)
    .where('nonce', 'in', nonces)
    .orderBy('nonce')
    .orderBy('id', 'desc')
    .execute();
  return rows.flatMap(({ id, nonce, rawTransaction }) =>
    nonce === null || rawTransaction === null ? [] : [{ id, nonce, rawTransaction }],
  );
}

function transferOfNothing(key: RelayerKey): TransactionDraft {
  return {
    kind: 'CANCEL',
    organizationId: null,
    accountId: null,
    batchId: null,
    chunkIndex: null,
    approvalId: null,
    to: key.address,
    data: '0x',
    gasLimit: TRANSFER_GAS_LIMIT,
  };
}
