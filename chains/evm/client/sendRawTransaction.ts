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

/** ALREADY_KNOWN: the pool has these very bytes. NONCE_USED: a block has this nonce (perhaps these bytes). */
export type SendRefusal = 'ALREADY_KNOWN' | 'NONCE_USED' | 'UNDERPRICED' | 'INSUFFICIENT_FUNDS' | 'OTHER';

// JSON-RPC gives no codes to these; geth, erigon, nethermind and anvil agree on the words.
const REFUSALS: readonly (readonly [SendRefusal, RegExp])[] = [
  ['ALREADY_KNOWN', /already known|already imported|alreadyknown/i],
  ['NONCE_USED', /nonce too low|nonce is too low/i],
  ['UNDERPRICED', /underpriced|fee too low|max fee per gas less than block base fee|feetoolow/i],
  ['INSUFFICIENT_FUNDS', /insufficient funds/i],
];

/** Sends signed bytes once. Never throws for what a node answers or fails to answer. */
export async function sendRawTransaction(client: EvmClient, rawTransaction: Hex): Promise<SendOutcome> {
  try {
    await client.request({ method: 'eth_sendRawTransaction', params: [rawTransaction] });
    return { kind: 'ACCEPTED' };
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    const answer = error.walk((cause) => cause instanceof RpcRequestError);
    if (!(answer instanceof RpcRequestError)) return { kind: 'UNKNOWN', message: error.shortMessage };
    const message = answer.details;
    const reason = REFUSALS.find(([, words]) => words.test(message))?.[0] ?? 'OTHER';
    return { kind: 'REFUSED', reason, message };
  }
}
