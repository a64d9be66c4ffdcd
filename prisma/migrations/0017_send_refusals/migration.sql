-- Why nodes turned a transaction's bytes away when they were sent last: against most refusals higher fees are no help.
create type "SendRefusal" as enum ('ALREADY_KNOWN', 'NONCE_USED', 'NONCE_TOO_HIGH', 'REPLACEMENT_UNDERPRICED',
  'UNDERPRICED', 'FEE_CAP', 'INSUFFICIENT_FUNDS', 'IN_FLIGHT_LIMIT', 'POOL_FULL', 'OTHER');
alter table "chain_transaction" add column "last_refusal" "SendRefusal";
