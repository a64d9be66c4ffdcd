import type { DatabaseTransaction } from '../prisma/database.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { broadcast } from './broadcast.ts';
import type { PayoutEngine } from './payoutEngine.ts';
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
 * Every nonce of ours has a stored transaction, unless the lane went on behind transactions of somebody else's that the
 * node had and then lost: all later ones would wait for ever. Their nonces are used up by transfers of nothing to
 * ourselves. If the others come back after all, one of the two is included, and either is right.
 */
export async function fillGap(engine: PayoutEngine, gapped: RecoveredLane, key: RelayerKey): Promise<void> {
  const oldest = await findOldestWaiting(engine, gapped);
  if (oldest === null || oldest <= gapped.includedNonce) return;
  const lane = await readLane(engine, gapped, key);
  const signed = await engine.log.database.transaction().execute(async (database) => {
    const locked = await lockLane(database, lane);
    const filled: SignedTransaction[] = [];
    for (const nonce of await missingNonces(database, lane, oldest)) {
      filled.push(...(await signFrom(database, locked, nonce, [transferOfNothing(key)])));
    }
    return filled;
  });
  if (signed.length === 0) return;
  engine.metrics.gapsFilled(gapped.eip155ChainId, signed.length);
  engine.logger.warn(
    { chain: `eip155:${gapped.eip155ChainId}`, relayer: key.address, count: signed.length },
    'a gap in the nonces is filled',
  );
  await broadcast(engine, lane.client, signed);
}

/** The lowest nonce that waits, when it has waited for long. */
async function findOldestWaiting(
  engine: PayoutEngine,
  { id, address, includedNonce }: RecoveredLane,
): Promise<bigint | null> {
  const row = await engine.log.database
    .selectFrom('chainTransaction')
    .select(['nonce', 'createdAt'])
    .where('chainId', '=', id)
    .where('sender', '=', address)
    .where('status', 'in', UNSETTLED_TRANSACTION_STATUSES)
    .where('nonce', '>=', includedNonce)
    .orderBy('nonce')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || Date.now() - row.createdAt.getTime() < GAP_AFTER_MS) return null;
  return row.nonce;
}

/** Nonces that no block and no stored transaction has, below `to`. */
async function missingNonces(
  database: DatabaseTransaction,
  { chain, key, includedNonce: from }: Lane,
  to: bigint,
): Promise<bigint[]> {
  const stored = await database
    .selectFrom('chainTransaction')
    .select('nonce')
    .where('chainId', '=', chain.id)
    .where('sender', '=', key.address)
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
