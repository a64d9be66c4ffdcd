import type { Hex } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { type SendOutcome, sendRawTransaction } from '../chains/evm/client/sendRawTransaction.ts';
import { type NotedSend, noteSends } from '../transitions/moveTransactions.ts';
import { transactionFields } from './logFields.ts';
import type { PayoutEngine } from './payoutEngine.ts';

/** They travel as one JSON-RPC batch: with full chunks, half a megabyte. */
const MAX_SENDS_AT_ONCE = 32;

/** A transaction whose bytes are committed. */
export type StoredTransaction = { readonly id: string; readonly rawTransaction: Hex };

/**
 * Sends stored bytes, in order, and notes that they were sent. What the node answers decides nothing: only blocks say
 * whether a transaction was included. Sending the same bytes again is harmless.
 */
export async function broadcast(
  engine: PayoutEngine,
  client: EvmClient,
  transactions: readonly StoredTransaction[],
): Promise<void> {
  for (let start = 0; start < transactions.length; start += MAX_SENDS_AT_ONCE) {
    const slice = transactions.slice(start, start + MAX_SENDS_AT_ONCE);
    const outcomes = await Promise.all(
      slice.map(({ rawTransaction }) => sendRawTransaction(client, rawTransaction)),
    );
    const ids = slice.map(({ id }) => id);
    const sent = ids.filter((_, index) => mayBeSent(outcomes[index] as SendOutcome));
    const noted = await noteSends(engine.log.database, ids, sent);
    const outcomeOf = new Map(ids.map((id, index) => [id, outcomes[index] as SendOutcome]));
    for (const transaction of noted)
      report(engine, transaction, outcomeOf.get(transaction.id) as SendOutcome);
    // The node does not answer: what is left is sent again by recovery.
    if (outcomes.every(({ kind }) => kind === 'UNKNOWN')) return;
  }
}

/** Whether the bytes may be with some node now: all but what a node has clearly turned away. */
function mayBeSent(outcome: SendOutcome): boolean {
  if (outcome.kind !== 'REFUSED') return true;
  return outcome.reason === 'ALREADY_KNOWN' || outcome.reason === 'NONCE_USED';
}

/** The first attempt is where a transaction's bytes are known to be committed, whoever makes it. */
function report(engine: PayoutEngine, transaction: NotedSend, outcome: SendOutcome): void {
  const { eip155ChainId, kind, status, statusBefore, broadcastCount } = transaction;
  const chainId = Number(eip155ChainId);
  if (broadcastCount === 1) engine.metrics.moved(chainId, [{ kind, status: 'SIGNED' }]);
  if (status !== statusBefore) engine.metrics.moved(chainId, [{ kind, status }]);
  const fields = transactionFields(engine.logger, transaction);
  if (outcome.kind === 'ACCEPTED') {
    const level = broadcastCount === 1 ? 'info' : 'debug';
    engine.logger[level]({ ...fields, broadcastCount }, 'a node took a transaction');
    return;
  }
  if (outcome.kind === 'REFUSED') engine.metrics.sendRefused(chainId, outcome.reason);
  const level = outcome.kind === 'REFUSED' && outcome.reason === 'ALREADY_KNOWN' ? 'debug' : 'warn';
  engine.logger[level](
    { ...fields, broadcastCount, outcome },
    'a node did not take a transaction; it will be sent again until a block has its nonce',
  );
}
