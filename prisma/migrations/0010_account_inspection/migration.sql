-- An existing Safe becomes an account: it is OPENING until its storage was read, then ACTIVE or REFUSED.
alter type "AccountStatus" add value 'REFUSED';
alter type "EventType" add value 'ACCOUNT_REFUSED';
alter type "EventType" add value 'ACCOUNT_CHANGED';

-- An adopted Safe was not made here: nobody knows its salt, and its owners and threshold only once it was read.
alter table "account" alter column "salt_nonce" drop not null;

-- What an account's Safe is made of, as its storage said at a block.
create table "account_inspection" (
  "account_id" uuid primary key,
  "organization_id" uuid not null,
  "singleton" text not null,
  "version" text,
  "owners" text[] not null,
  "modules" text[] not null,
  "guard" text,
  "fallback_handler" text,
  "faults" jsonb not null,
  "block_number" bigint not null,
  foreign key (account_id, organization_id) references "account" (id, organization_id),
  check (jsonb_typeof(faults) = 'array')
);

-- When the block that executed a chunk was made: what was paid by day is a sum over chunks, never over payouts.
alter table "payout_chunk" add column "included_at" timestamptz(6);
update "payout_chunk" set "included_at" = "chain_transaction"."included_at"
  from "chain_transaction"
  where "chain_transaction"."id" = "payout_chunk"."transaction_id" and "payout_chunk"."block_number" is not null;
create index payout_chunk_final on "payout_chunk" (organization_id, included_at) where status = 'FINAL';
create index payout_exception_final on "payout_exception" (organization_id) where status = 'FINAL';
