-- What Prisma's schema language cannot say: references, CHECKs, partial unique indexes, the hint channel's payload.

-- References. Rows of one organization only ever point at rows of the same one: the pair is what is referenced.
alter table "account" add constraint account_id_organization_key unique (id, organization_id);
alter table "payout_batch" add constraint payout_batch_id_organization_key unique (id, organization_id);
alter table "approval" add constraint approval_id_organization_key unique (id, organization_id);

alter table "signer" add foreign key (user_id) references "app_user" (id);
alter table "membership" add foreign key (organization_id) references "organization" (id),
  add foreign key (user_id) references "app_user" (id);
alter table "session" add foreign key (user_id) references "app_user" (id);
alter table "block" add foreign key (chain_id) references "chain" (id);
alter table "asset" add foreign key (chain_id) references "chain" (id);
alter table "account" add foreign key (organization_id) references "organization" (id),
  add foreign key (chain_id) references "chain" (id);
alter table "account_balance" add foreign key (account_id, organization_id) references "account" (id, organization_id),
  add foreign key (asset_id) references "asset" (id);
alter table "transfer" add foreign key (account_id, organization_id) references "account" (id, organization_id),
  add foreign key (asset_id) references "asset" (id);
alter table "payout_batch" add foreign key (account_id, organization_id) references "account" (id, organization_id),
  add foreign key (asset_id) references "asset" (id),
  add foreign key (retry_of_batch_id, organization_id) references "payout_batch" (id, organization_id),
  add foreign key (created_by_user_id) references "app_user" (id);
alter table "payout" add foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id);
alter table "payout_chunk" add foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id);
alter table "payout_exception" add foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id);
alter table "payout_retry" add foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id),
  add foreign key (original_payout_id) references "payout" (id);
alter table "approval" add foreign key (account_id, organization_id) references "account" (id, organization_id),
  add foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id),
  add foreign key (replaced_by_id, organization_id) references "approval" (id, organization_id);
alter table "approval_decision" add foreign key (approval_id, organization_id) references "approval" (id, organization_id);
alter table "event_log_head" add foreign key (organization_id) references "organization" (id);

-- Money laws, said a second time.
alter table "membership" add check (roles <@ array['OWNER', 'ADMIN', 'PROPOSER', 'APPROVER', 'VIEWER'] and cardinality(roles) > 0);
alter table "asset" add check (decimals between 0 and 36);
alter table "account" add check (threshold between 1 and cardinality(owners)), add check (safe_nonce >= 0);
alter table "account_balance" add check (units >= 0);
alter table "transfer" add check (units >= 0);
alter table "payout" add check (units > 0 and units < 79228162514264337593543950336), add check (row_index >= 0);
alter table "payout_chunk"
  add check (status in ('PENDING', 'SUBMITTED', 'INCLUDED', 'CONFIRMED', 'FINAL')),
  add check (row_count between 1 and 200 and octet_length(packed_rows) = 32 * row_count),
  add check (total_units > 0),
  add check ((status = 'PENDING') = (transaction_id is null)),
  add check ((status in ('INCLUDED', 'CONFIRMED', 'FINAL')) = (block_number is not null));
alter table "payout_exception"
  add check (status in ('UNDELIVERED', 'FAILED', 'INCLUDED', 'CONFIRMED', 'FINAL')),
  add check ((status in ('UNDELIVERED', 'FAILED')) = (failure_code is not null)),
  add check ((status in ('INCLUDED', 'CONFIRMED', 'FINAL')) = (block_number is not null));
alter table "payout_batch"
  add check (payout_count > 0 and chunk_count > 0 and total_units > 0),
  add check (rows_per_chunk between 1 and 200 and gas_per_payout > 0),
  add check (least(pending_count, submitted_count, included_count, confirmed_count, final_count, undelivered_count, failed_count) >= 0),
  add check (pending_count + submitted_count + included_count + confirmed_count + final_count + undelivered_count + failed_count = payout_count),
  add check (open_by is null or close_after >= open_by),
  add check (closed_at_block is null or opened_at_block is not null),
  add check (status = 'DRAFT' or submitted_at is not null or status = 'CANCELLED'),
  add check (status <> 'COMPLETED' or final_count = payout_count),
  add check (status <> 'PARTIALLY_FAILED' or (failed_count > 0 and final_count > 0 and final_count + failed_count = payout_count)),
  add check (status <> 'FAILED' or failed_count = payout_count),
  add check ((blocker_code is null) = (blocker_message is null));
alter table "approval"
  add check (safe_nonce >= 0 and transaction_operation in (0, 1)),
  add check ((status = 'EXECUTED') = (executed_at_block is not null));
alter table "approval_decision" add check ((verdict = 'GRANTED') = (signature is not null));
alter table "chain_transaction"
  add check ((status in ('INCLUDED', 'CONFIRMED', 'FINAL', 'REVERTED')) = (block_number is not null)),
  add check ((raw_transaction is null) = (broadcast_count is null)),
  add check (raw_transaction is null or (sender is not null and nonce is not null)),
  add check (status not in ('SIGNED', 'REPLACED') or raw_transaction is not null);
alter table "event" add check (number > 0);

-- One live approval for an (account, nonce): two could otherwise both collect signatures, and only one can execute.
create unique index approval_live_nonce_key on "approval" (account_id, safe_nonce) where status in ('PENDING', 'APPROVED');
create index approval_live on "approval" (chain_id, status) where status in ('PENDING', 'APPROVED');
-- One live retry of a row.
create unique index payout_retry_live_key on "payout_retry" (original_payout_id) where live;
-- A nonce of a relayer is used by one transaction that was not replaced.
create unique index chain_transaction_nonce_key on "chain_transaction" (chain_id, sender, nonce)
  where raw_transaction is not null and status <> 'REPLACED';
create index chain_transaction_unsettled on "chain_transaction" (chain_id, sender, nonce) where status in ('SIGNED', 'BROADCAST');
create index chain_transaction_maturing on "chain_transaction" (chain_id, block_number) where status in ('INCLUDED', 'CONFIRMED');
create index payout_batch_live on "payout_batch" (chain_id, id)
  where status in ('PENDING_APPROVAL', 'APPROVED', 'EXECUTING', 'CANCELLING');
create index payout_chunk_maturing on "payout_chunk" (batch_id, block_number) where status in ('INCLUDED', 'CONFIRMED');
create index transfer_maturing on "transfer" (block_number) where status in ('INCLUDED', 'CONFIRMED');
-- The native asset, too, is there once a chain (address is null there).
create unique index asset_native_key on "asset" (chain_id) where address is null;
