import type { Hex } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import { type SendOutcome, sendRawTransaction } from '../chains/evm/client/sendRawTransaction.ts';
import { noteSends } from '../transitions/moveTransactions.ts';
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
    await noteSends(engine.log.database, ids, sent);
    report(engine, slice, outcomes);
    // The node does not answer: what is left is sent again by recovery.
    if (outcomes.every(({ kind }) => kind === 'UNKNOWN')) return;
  }
}

/** Whether the bytes may be with some node now: all but what a node has clearly turned away. */
function mayBeSent(outcome: SendOutcome): boolean {
  if (outcome.kind !== 'REFUSED') return true;
  return outcome.reason === 'ALREADY_KNOWN' || outcome.reason === 'NONCE_USED';
}

function report(
  engine: PayoutEngine,
  transactions: readonly StoredTransaction[],
  outcomes: readonly SendOutcome[],
): void {
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'ACCEPTED') continue;
    const level = outcome.kind === 'REFUSED' && outcome.reason === 'ALREADY_KNOWN' ? 'debug' : 'warn';
    engine.logger[level](
      { transactionId: transactions[index]?.id, outcome },
      'A node did not take a transaction; it will be sent again until a block has its nonce',
    );
  }
}
