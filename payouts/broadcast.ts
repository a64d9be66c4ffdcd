import type { Hex } from 'viem';
import type { EvmClient } from '../chains/evm/client/evmClient.ts';
import {
  type SendOutcome,
  type SendRefusal,
  sendRawTransaction,
} from '../chains/evm/client/sendRawTransaction.ts';
import { type NotedSend, noteSends } from '../transitions/moveTransactions.ts';
import { transactionFields } from './logFields.ts';
import type { PayoutEngine } from './payoutEngine.ts';
import { noteRefusals } from './relayer/noteRefusals.ts';

/** They travel as one JSON-RPC batch: with full chunks, half a megabyte. */
const MAX_SENDS_AT_ONCE = 32;

/** A transaction whose bytes are committed. */
export type StoredTransaction = { readonly id: string; readonly rawTransaction: Buffer };

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
    const outcomes = await sendInOrder(client, slice);
    const outcomeOf = new Map(slice.map(({ id }, index) => [id, outcomes[index] as SendOutcome]));
    const attempts = [...outcomeOf].map(([id, outcome]) => ({
      ...{ id, isSent: mayBeSent(outcome), refusal: refusalFrom(outcome) },
    }));
    const noted = await noteSends(engine.log.database, attempts);
    const answers = noted.map((transaction) => ({
      transaction,
      outcome: outcomeOf.get(transaction.id) as SendOutcome,
    }));
    for (const { transaction, outcome } of answers) report(engine, transaction, outcome);
    await noteRefusals(engine, answers);
    // The node does not answer: what is left is sent again by recovery.
    if (outcomes.every(({ kind }) => kind === 'UNKNOWN')) return;
  }
}

/**
 * Sends all at once; then, one after another, those that came too early: a node without a pool takes a nonce only when it
 * has the one before, and what travels together may arrive in any order.
 */
async function sendInOrder(
  client: EvmClient,
  transactions: readonly StoredTransaction[],
): Promise<SendOutcome[]> {
  const outcomes = await Promise.all(
    transactions.map(({ rawTransaction }) => sendRawTransaction(client, digitsOf(rawTransaction))),
  );
  for (const [index, { rawTransaction }] of transactions.entries()) {
    if (!isTooEarly(outcomes[index])) continue;
    const again = await sendRawTransaction(client, digitsOf(rawTransaction));
    outcomes[index] = again;
    // What it waits for is not there: nor is it for those behind it.
    if (isTooEarly(again)) break;
  }
  return outcomes;
}

/** By native code: a chunk has 6.4 kB. */
function digitsOf(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

function isTooEarly(outcome: SendOutcome | undefined): boolean {
  return outcome?.kind === 'REFUSED' && outcome.reason === 'NONCE_TOO_HIGH';
}

/** Whether the bytes may be with some node now: all but what a node has clearly turned away. */
function mayBeSent(outcome: SendOutcome): boolean {
  if (outcome.kind !== 'REFUSED') return true;
  return outcome.reason === 'ALREADY_KNOWN' || outcome.reason === 'NONCE_USED';
}

function refusalFrom(outcome: SendOutcome): SendRefusal | null | undefined {
  if (outcome.kind === 'UNKNOWN') return undefined;
  return outcome.kind === 'REFUSED' ? outcome.reason : null;
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
