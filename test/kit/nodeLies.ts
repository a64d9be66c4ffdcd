/** What a lying node says otherwise; each is a function in this file. */
export type NodeLie =
  | 'RECEIPT_STATUS_FLIPPED'
  | 'RECEIPT_MISSING'
  | 'LOGS_REMOVED'
  | 'LOGS_ADDED'
  | 'BLOCK_HASH_CHANGED'
  | 'NONCE_AHEAD'
  | 'NONCE_BEHIND'
  | 'BALANCE_CHANGED'
  | 'CHAIN_ID_CHANGED'
  | 'CODE_MISSING'
  | 'TRANSACTION_MISSING';
