import { BaseError, type Hex, RpcRequestError } from 'viem';
import type { EvmClient } from './evmClient.ts';

/**
 * What a node said to a transaction. None of these says whether it will be, or was, included: only blocks do.
 * REFUSED: the node answered with an error. UNKNOWN: it did not answer.
 */
export type SendOutcome =
  | { readonly kind: 'ACCEPTED' }
  | { readonly kind: 'REFUSED'; readonly reason: SendRefusal; readonly message: string }
  | { readonly kind: 'UNKNOWN'; readonly message: string };

export type SendRefusal =
  /** The pool has these very bytes. */
  | 'ALREADY_KNOWN'
  /** A block has this nonce: perhaps with these bytes. */
  | 'NONCE_USED'
  /** The node keeps nothing for later, or not so far ahead, and has not seen what comes before. */
  | 'NONCE_TOO_HIGH'
  /** The pool has something else with this nonce, and these fees are not enough above its. */
  | 'REPLACEMENT_UNDERPRICED'
  /** The node takes nothing so cheap. */
  | 'UNDERPRICED'
  /** More than the node's operator lets anybody offer. */
  | 'FEE_CAP'
  | 'INSUFFICIENT_FUNDS'
  /** The key is delegated (EIP-7702), or about to be: pools take one transaction of it at a time, and no gaps. */
  | 'IN_FLIGHT_LIMIT'
  /** The pool is full, or this sender has as much in it as it may. */
  | 'POOL_FULL'
  | 'OTHER';

// JSON-RPC gives no codes to these, or clients disagree on them. The words are those of geth (which reth and nethermind's
// newer releases repeat), erigon, besu, anvil and nethermind's older releases, in that order. The first that fits counts:
// what is particular stands before what is general.
const REFUSALS: readonly (readonly [SendRefusal, RegExp])[] = [
  [
    'IN_FLIGHT_LIMIT',
    /in-flight transaction limit|gapped[- ]nonce|authority already reserved|delegation nonce gap|delegation authority has pending|NotCurrentNonceForDelegation|DelegatorHasPendingTx/i,
  ],
  [
    'ALREADY_KNOWN',
    /already known|existing txn? with same hash|known transaction|already imported|AlreadyKnown/i,
  ],
  ['NONCE_USED', /nonce( is)? too low|OldNonce/i],
  ['NONCE_TOO_HIGH', /nonce( is)? too (high|far|distant)|NonceGap|NonceTooFarInFuture/i],
  [
    'REPLACEMENT_UNDERPRICED',
    /replacement transaction underpriced|could not replace existing|gas price to replace existing|future transaction tries to replace pending|ReplacementNotAllowed/i,
  ],
  ['FEE_CAP', /fee cap exceeded|exceeds the configured cap/i],
  [
    'UNDERPRICED',
    /underpriced|fee too low|less than block base fee|below (configured minimum|current base fee)|FeeTooLow/i,
  ],
  ['INSUFFICIENT_FUNDS', /insufficient funds|upfront cost exceeds|InsufficientFunds/i],
  ['POOL_FULL', /pool is full|account limit exceeded|spammer|account queue limit/i],
];

/** What the words of a node's error mean. */
export function refusalOf(message: string): SendRefusal {
  return REFUSALS.find(([, words]) => words.test(message))?.[0] ?? 'OTHER';
}

/** Sends signed bytes once. Never throws for what a node answers or fails to answer. */
export async function sendRawTransaction(client: EvmClient, rawTransaction: Hex): Promise<SendOutcome> {
  try {
    await client.request({ method: 'eth_sendRawTransaction', params: [rawTransaction] });
    return { kind: 'ACCEPTED' };
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    const answer = error.walk((cause) => cause instanceof RpcRequestError);
    if (!(answer instanceof RpcRequestError)) return { kind: 'UNKNOWN', message: error.shortMessage };
    return { kind: 'REFUSED', reason: refusalOf(answer.details), message: answer.details };
  }
}
