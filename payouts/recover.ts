import { sql } from 'kysely';
import { type Address, getAddress, type Hash, type Hex, toHex } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { readNonce } from '../chains/evm/client/readRelayer.ts';
import { unitOfWork } from '../events/unitOfWork.ts';
import { UNSETTLED_TRANSACTION_STATUSES } from '../transitions/chainTransactionStatus.ts';
import { giveUpTransaction } from '../transitions/moveTransactions.ts';
import { broadcast } from './broadcast.ts';
import { replaceStuck } from './fees/replaceStuck.ts';
import { fillGap } from './fillGap.ts';
import { readFinality, type SettledChain } from './finality.ts';
import { transactionFields } from './logFields.ts';
import { checkedClientOf, clientOf, type PayoutEngine } from './payoutEngine.ts';
import type { RecoveredLane } from './relayer/recoveredLane.ts';

/** Signed, and no send noted: its worker has ended, or is about to send it. */
const SEND_AGAIN_AFTER_SIGNING_MS = 2_000;
/** Sent, and no block seen with it: the node may have dropped it. */
const SEND_AGAIN_AFTER_SENDING_MS = 10_000;
const MAX_SENT_AGAIN_PER_ROUND = 128;
const MAX_REPLACED_PER_ROUND = 64;

/**
 * One round over every relayer on every chain this process has a node for: sends again, with the same bytes, what no block
 * has included; fills a gap in the nonces; and lets go of transactions whose nonce a final block gave to another. Sending
 * needs no key: what other workers, or earlier keys, have signed is looked after too.
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
  const failures = (await Promise.allSettled(rounds)).flatMap((round) =>
    round.status === 'rejected' ? [round.reason as unknown] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, 'Some chains could not be looked after');
}

async function recoverLane(
  engine: PayoutEngine,
  found: SettledChain & { readonly address: Address },
  options: { patient: boolean },
): Promise<void> {
  const client = clientOf(engine, found.eip155ChainId);
  const includedNonce = await readNonce(client, found.address);
  const key = engine.relayers.find(({ address }) => address === found.address) ?? null;
  const lane: RecoveredLane = { ...found, key, includedNonce };
  await sendAgain(engine, lane, client, includedNonce, options);
  if (key !== null) {
    await fillGap(engine, lane, key);
    await replaceStuck(engine, lane, key);
  }
  await releaseReplaced(engine, lane, checkedClientOf(engine, lane.eip155ChainId));
}

async function sendAgain(
  engine: PayoutEngine,
  lane: RecoveredLane,
  client: EvmClient,
  includedNonce: bigint,
  { patient }: { patient: boolean },
): Promise<void> {
  const signedBefore = sql<Date>`clock_timestamp() - ${patient ? SEND_AGAIN_AFTER_SIGNING_MS : 0} * interval '1 ms'`;
  const sentBefore = sql<Date>`clock_timestamp() - ${patient ? SEND_AGAIN_AFTER_SENDING_MS : 0} * interval '1 ms'`;
  const unsettled = await engine.log.database
    .selectFrom('chainTransaction')
    .select(['id', 'rawTransaction'])
    .where('chainId', '=', lane.id)
    .where('sender', '=', lane.address)
    .where('status', 'in', UNSETTLED_TRANSACTION_STATUSES)
    // Below it, blocks have decided already: the indexer, or releaseReplaced, will say what.
    .where('nonce', '>=', includedNonce)
    .where((eb) =>
      eb.or([
        eb.and([eb('lastBroadcastAt', 'is', null), eb('createdAt', '<=', signedBefore)]),
        eb('lastBroadcastAt', '<=', sentBefore),
      ]),
    )
    .orderBy('nonce')
    .limit(MAX_SENT_AGAIN_PER_ROUND)
    .execute();
  const transactions = unsettled.flatMap(({ id, rawTransaction }) =>
    rawTransaction === null ? [] : [{ id, rawTransaction: toHex(rawTransaction) }],
  );
  if (transactions.length > 0) {
    engine.logger.info({ chainId: lane.eip155ChainId, count: transactions.length }, 'Sending again');
  }
  await broadcast(engine, client, transactions);
}

/**
 * Transactions whose nonce is used as of the final block, though no block the indexer has seen holds them. It says so by
 * itself when another takes a nonce; this is for one that did before ours was stored. What they were for is done anew.
 */
async function releaseReplaced(engine: PayoutEngine, lane: RecoveredLane, client: EvmClient): Promise<void> {
  if ((await findUnsettled(engine, lane)).length === 0) return;
  const finalNonce = (await readFinality(engine, lane)).nonces.get(lane.address) ?? 0n;
  // Read again, now that the final block is known: everything up to it is indexed.
  for (const unsettled of await findUnsettled(engine, lane, finalNonce)) {
    const { id, hash, batchId, kind } = unsettled;
    // A node that knows its receipt contradicts itself or the indexer: nothing is concluded.
    if (await hasReceipt(client, hash as Hash)) continue;
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

function findUnsettled(engine: PayoutEngine, lane: RecoveredLane, belowNonce?: bigint) {
  let query = engine.log.database
    .selectFrom('chainTransaction')
    .select(['id', 'hash', 'batchId', 'chunkIndex', 'organizationId', 'kind', 'sender', 'nonce'])
    .where('chainId', '=', lane.id)
    .where('sender', '=', lane.address)
    .where('status', 'in', UNSETTLED_TRANSACTION_STATUSES);
  if (belowNonce !== undefined) query = query.where('nonce', '<', belowNonce);
  return query.orderBy('nonce').limit(MAX_REPLACED_PER_ROUND).execute();
}

async function hasReceipt(client: EvmClient, hash: Hex): Promise<boolean> {
  return (await client.request({ method: 'eth_getTransactionReceipt', params: [hash] })) !== null;
}
