-- What a transaction offers on top of the base fee, and the newest block when it was signed: by these it is known whether
-- the next blocks pass it over. Unknown of what was signed before.
alter table "chain_transaction" add column "max_priority_fee_per_gas" decimal(78, 0);
alter table "chain_transaction" add column "signed_at_block" bigint;
alter table "chain_transaction"
  add check (max_priority_fee_per_gas >= 0 and max_priority_fee_per_gas <= max_fee_per_gas),
  add check (signed_at_block >= 0);
-- All transactions of one nonce: what a node's pool may hold.
create index chain_transaction_sender_nonce on "chain_transaction" (chain_id, sender, nonce)
  where raw_transaction is not null;
-- What our own transactions for a batch have cost is summed from the index alone.
create index chain_transaction_batch_fees on "chain_transaction" (batch_id) include (fee_units)
  where raw_transaction is not null and fee_units is not null;

-- What a chain asks for at the moment, as a worker saw it last: estimates ask no node.
create table "chain_fee" (
  "chain_id" uuid primary key references "chain" (id),
  "base_fee_per_gas" decimal(78, 0) not null,
  "max_priority_fee_per_gas" decimal(78, 0) not null,
  "data_fee_units_per_byte" decimal(78, 0) not null,
  "cap_reached_at" timestamptz(6),
  "observed_at" timestamptz(6) not null,
  check (base_fee_per_gas >= 0 and max_priority_fee_per_gas >= 0 and data_fee_units_per_byte >= 0)
);
