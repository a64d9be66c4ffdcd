import { sql } from 'kysely';
import { type Address, getAddress, type Hash } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { preferChecked } from '../chains/evm/client/nodes/inconclusive.ts';
import { readNonce } from '../chains/evm/client/readRelayer.ts';
import { unitOfWork } from '../events/unitOfWork.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { giveUpTransaction } from '../transitions/moveTransactions.ts';
import { broadcast } from './broadcast.ts';
import { replaceStuck } from './fees/replaceStuck.ts';
import { fillGap } from './fillGap.ts';
import { readFinality, type SettledChain } from './finality.ts';
import { transactionFields } from './logFields.ts';
import { nextStep, type RecoveredTransaction } from './nextStep.ts';
import { chainOf, checkedClientOf, clientOf, type PayoutEngine } from './payoutEngine.ts';
import { lookAtLane } from './relayer/lookAtLane.ts';
import type { RecoveredLane } from './relayer/recoveredLane.ts';
import { settleAll } from './settleAll.ts';

/** Half again what a lane may have in flight. */
const MAX_LOOKED_AT_PER_ROUND = 384;
const MAX_SENT_AGAIN_PER_ROUND = 128;
const MAX_REPLACED_PER_ROUND = 64;

/**
 * One round over every relayer on every chain this process has a node for. From the database alone, each transaction that
 * no block has decided about has its next step (nextStep.ts); gaps in the nonces are filled; and it is noted how each lane
 * stands. Sending needs no key: what other workers, or earlier keys, have signed is looked after too.
 * @param options.patient false at a start: whatever is unsettled is sent at once
 * @throws AggregateError when a chain's node does not answer; the others have had their round
 */
export async function recover(engine: PayoutEngine, options: { patient: boolean }): Promise<void> {
  const lanes = await engine.log.database
    .selectFrom('chain')
    .innerJoin('relayerLane', 'relayerLane.chainId', 'chain.id')
    .select(['chain.id', 'chain.eip155ChainId', 'chain.finalNumber', 'relayerLane.address'])
    .where('chain.family', '=', 'EVM')
    .execute();
  const rounds = lanes
    .map((lane) => ({
      ...lane,
      eip155ChainId: Number(lane.eip155ChainId),
      address: getAddress(lane.address),
    }))
    .filter(({ eip155ChainId }) => engine.chains.has(eip155ChainId))
    .map((lane) => recoverLane(engine, lane, options));
  await settleAll(rounds, 'Some chains could not be looked after');
}

async function recoverLane(
  engine: PayoutEngine,
  found: SettledChain & { readonly address: Address },
  options: { patient: boolean },
): Promise<void> {
  // Only what is asked next follows from it; what is signed is sent again even while two nodes do not agree.
  const nodes = chainOf(engine, found.eip155ChainId);
  const includedNonce = await preferChecked(nodes, (client) => readNonce(client, found.address));
  const key = engine.relayers.find(({ address }) => address === found.address) ?? null;
  const lane: RecoveredLane = { ...found, key, includedNonce };
  const unsettled = await findUnsettled(engine, lane);
  const finalNonce = await readFinalNonce(engine, lane, unsettled);
  const progress = { includedNonce, finalNonce, holdsKey: key !== null, ...options };
  const steps = Map.groupBy(unsettled, (transaction) => nextStep(transaction, progress));
  await sendAgain(engine, lane, steps.get('SEND') ?? []);
  await fillGap(engine, lane);
  // What every node turns away is sent anew each round: that does not keep its fees from being raised.
  if (key !== null && (steps.has('RAISE_FEE') || steps.has('SEND'))) await replaceStuck(engine, lane, key);
  if (steps.has('LET_GO')) await letGo(engine, lane, finalNonce ?? 0n);
  if (key !== null) await lookAtLane(engine, lane);
}

/** A lane's transactions that no block is known to have decided about, the lowest nonces first. */
async function findUnsettled(engine: PayoutEngine, lane: RecoveredLane): Promise<UnsettledTransaction[]> {
  const { rows } = await sql<UnsettledTransaction>`
    select id, status, nonce,
      (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as signed_ms_ago,
      (extract(epoch from clock_timestamp() - last_broadcast_at) * 1000)::float8 as sent_ms_ago
    from chain_transaction
    where chain_id = ${lane.id} and sender = ${lane.address} and raw_transaction is not null
      and status in (${sql.join([...UNSETTLED_TRANSACTION_STATUSES])})
    order by nonce limit ${MAX_LOOKED_AT_PER_ROUND}`.execute(engine.log.database);
  return rows;
}

type UnsettledTransaction = RecoveredTransaction & { readonly id: string };

/** Up to where a final block has used the lane's nonces; null where that says nothing about the transactions. */
async function readFinalNonce(
  engine: PayoutEngine,
  lane: RecoveredLane,
  unsettled: readonly UnsettledTransaction[],
): Promise<bigint | null> {
  const [lowest] = unsettled;
  if (lowest === undefined || lowest.nonce >= lane.includedNonce) return null;
  return (await readFinality(engine, lane)).nonces.get(lane.address) ?? null;
}

async function sendAgain(
  engine: PayoutEngine,
  lane: RecoveredLane,
  due: readonly UnsettledTransaction[],
): Promise<void> {
  if (due.length === 0) return;
  const stored = await engine.log.database
    .selectFrom('chainTransaction')
    .select(['id', 'rawTransaction'])
    .where(
      'id',
      'in',
      due.slice(0, MAX_SENT_AGAIN_PER_ROUND).map(({ id }) => id),
    )
    .orderBy('nonce')
    .execute();
  const transactions = stored.flatMap(({ id, rawTransaction }) =>
    rawTransaction === null ? [] : [{ id, rawTransaction }],
  );
  engine.logger.info(
    { chain: `eip155:${lane.eip155ChainId}`, relayer: lane.address, count: transactions.length },
    'sending again',
  );
  await broadcast(engine, clientOf(engine, lane.eip155ChainId), transactions);
}

/**
 * Transactions whose nonce is used as of the final block, though no block the indexer has seen holds them. It says so by
 * itself when another takes a nonce; this is for one that did before ours was stored, and for nonces that are used up
 * without a transaction (an EIP-7702 authorization). What they were for is done anew.
 */
async function letGo(engine: PayoutEngine, lane: RecoveredLane, finalNonce: bigint): Promise<void> {
  const checked = checkedClientOf(engine, lane.eip155ChainId);
  // Read anew, now that the final block is known: everything up to it is indexed.
  for (const unsettled of await findUsed(engine, lane, finalNonce)) {
    const { id, hash, batchId, kind } = unsettled;
    // Nodes that know its receipt contradict themselves or the indexer: nothing is concluded.
    if (await hasReceipt(checked, hash as Hash)) continue;
    const { value: givenUp } = await unitOfWork(engine.log, async (work) => {
      const given = await giveUpTransaction(work.database, id);
      if (batchId !== null) await work.enqueue('batch.advance', { batchId }, batchId);
      return given;
    });
    if (!givenUp) continue;
    engine.metrics.moved(lane.eip155ChainId, [{ kind, status: 'REPLACED' }]);
    engine.logger.warn(
      transactionFields(engine.logger, {
        ...unsettled,
        status: 'REPLACED',
        eip155ChainId: BigInt(lane.eip155ChainId),
      }),
      'a final block gave the nonce of a transaction to another',
    );
  }
}

function findUsed(engine: PayoutEngine, lane: RecoveredLane, belowNonce: bigint) {
  return engine.log.database
    .selectFrom('chainTransaction')
    .select(['id', 'hash', 'batchId', 'chunkIndex', 'organizationId', 'kind', 'sender', 'nonce'])
    .where('chainId', '=', lane.id)
    .where('sender', '=', lane.address)
    .where('status', 'in', UNSETTLED_TRANSACTION_STATUSES)
    .where('nonce', '<', belowNonce)
    .orderBy('nonce')
    .limit(MAX_REPLACED_PER_ROUND)
    .execute();
}

async function hasReceipt(client: EvmClient, hash: Hash): Promise<boolean> {
  return (await client.request({ method: 'eth_getTransactionReceipt', params: [hash] })) !== null;
}
