import { expect, test } from 'vitest';
import { refusalOf, type SendRefusal } from './sendRawTransaction.ts';

/** What clients say, word for word. */
const WORDS: readonly (readonly [client: string, words: string, reason: SendRefusal])[] = [
  ['geth', 'already known', 'ALREADY_KNOWN'],
  ['erigon', 'existing txn with same hash', 'ALREADY_KNOWN'],
  ['erigon, older', 'INTERNAL_ERROR: existing tx with same hash', 'ALREADY_KNOWN'],
  ['besu', 'Known transaction', 'ALREADY_KNOWN'],
  ['nethermind, older', 'AlreadyKnown', 'ALREADY_KNOWN'],
  ['anvil', 'transaction already imported', 'ALREADY_KNOWN'],
  ['anvil', `Tx: [0x${'ab'.repeat(32)}] already Imported`, 'ALREADY_KNOWN'],
  ['geth', 'nonce too low: next nonce 5, tx nonce 4', 'NONCE_USED'],
  ['besu', 'Nonce too low', 'NONCE_USED'],
  ['nethermind, older', 'OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'NONCE_USED'],
  ['arbitrum', 'nonce too high: address 0xabc, tx: 7 state: 5', 'NONCE_TOO_HIGH'],
  ['besu', 'Transaction nonce is too distant from current sender nonce', 'NONCE_TOO_HIGH'],
  ['nethermind', 'nonce too far in future', 'NONCE_TOO_HIGH'],
  ['nethermind, older', 'NonceGap, Future nonce. Expected nonce: 5', 'NONCE_TOO_HIGH'],
  ['anvil', 'Nonce too high', 'NONCE_TOO_HIGH'],
  ['geth', 'replacement transaction underpriced', 'REPLACEMENT_UNDERPRICED'],
  ['geth', 'future transaction tries to replace pending', 'REPLACEMENT_UNDERPRICED'],
  ['erigon', 'could not replace existing tx', 'REPLACEMENT_UNDERPRICED'],
  ['besu', 'Replacement transaction underpriced', 'REPLACEMENT_UNDERPRICED'],
  ['nethermind, older', 'ReplacementNotAllowed', 'REPLACEMENT_UNDERPRICED'],
  [
    'reth',
    `[0x${'ab'.repeat(32)}]: insufficient gas price to replace existing transaction`,
    'REPLACEMENT_UNDERPRICED',
  ],
  ['geth', 'transaction underpriced: gas tip cap 1, minimum needed 100', 'UNDERPRICED'],
  ['erigon', 'fee too low', 'UNDERPRICED'],
  ['besu', 'Gas price below configured minimum gas price', 'UNDERPRICED'],
  ['besu', 'Gas price below current base fee', 'UNDERPRICED'],
  ['nethermind, older', 'FeeTooLow, FeePerGas needs to be higher', 'UNDERPRICED'],
  ['anvil', 'max fee per gas less than block base fee', 'UNDERPRICED'],
  ['geth', 'tx fee (3.20 ether) exceeds the configured cap (1.00 ether)', 'FEE_CAP'],
  ['besu', 'Transaction fee cap exceeded', 'FEE_CAP'],
  [
    'geth',
    'insufficient funds for gas * price + value: balance 1, queued cost 2, tx cost 3, overshot 4',
    'INSUFFICIENT_FUNDS',
  ],
  ['besu', 'Upfront cost exceeds account balance', 'INSUFFICIENT_FUNDS'],
  ['nethermind, older', 'InsufficientFunds, Account balance: 1', 'INSUFFICIENT_FUNDS'],
  ['geth', 'in-flight transaction limit reached for delegated accounts', 'IN_FLIGHT_LIMIT'],
  ['geth', 'gapped-nonce tx from delegated accounts', 'IN_FLIGHT_LIMIT'],
  ['geth', 'authority already reserved', 'IN_FLIGHT_LIMIT'],
  ['nethermind', 'delegation nonce gap', 'IN_FLIGHT_LIMIT'],
  ['nethermind', 'delegation authority has pending transaction', 'IN_FLIGHT_LIMIT'],
  ['nethermind, older', 'DelegatorHasPendingTx', 'IN_FLIGHT_LIMIT'],
  ['geth', 'txpool is full', 'POOL_FULL'],
  ['geth', 'account limit exceeded: pooled 64 txs', 'POOL_FULL'],
  ['erigon', 'pending sub-pool is full', 'POOL_FULL'],
  ['erigon', 'spammer', 'POOL_FULL'],
  ['geth', 'intrinsic gas too low', 'OTHER'],
  ['anybody', '', 'OTHER'],
];

test.each(WORDS)('%s: “%s” is %s', (_client, words, reason) => {
  expect(refusalOf(words)).toBe(reason);
});
