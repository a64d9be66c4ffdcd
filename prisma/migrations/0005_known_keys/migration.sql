-- A reorg and a transaction's own page find its transfers, and sign-in counts what waits for one wallet.
create index "transfer_transaction_id_idx" on "transfer" ("transaction_id");
create index "sign_in_challenge_address_idx" on "sign_in_challenge" ("address");

-- So that nobody can use up the messages that wait for somebody else's wallet.
alter table "sign_in_challenge" add column "client" text;

-- An organization that names somebody by one key learns no other key of theirs. Until now each person has the one.
alter table "membership" add column "addresses" text[] default array[]::text[];
update "membership" set "addresses" = array(
  select "signer"."address" from "signer" where "signer"."user_id" = "membership"."user_id" order by "signer"."id");
