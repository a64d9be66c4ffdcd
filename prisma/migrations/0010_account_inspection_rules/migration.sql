-- Apart from 0010_account_inspection: a transaction cannot use an enum's value that it has added itself.

-- The same Safe may be an account of several organizations: none learns of the other, and none can keep it from the other.
-- In one organization it is there once, and one that was refused may be adopted again.
drop index "account_chain_id_address_key";
create index "account_chain_id_address_idx" on "account" ("chain_id", "address");
create unique index account_organization_address_key on "account" (organization_id, chain_id, address)
  where status <> 'REFUSED';

alter table "account" drop constraint "account_check";
alter table "account" add constraint account_threshold_check check (
  threshold between 1 and cardinality(owners)
  or (salt_nonce is null and status in ('OPENING', 'REFUSED') and threshold >= 0));
alter table "account" add constraint account_refused_check check (status <> 'REFUSED' or salt_nonce is null);

-- Adopted and not yet read: the indexer looks for these on every pass.
create index account_adopting on "account" (chain_id) where salt_nonce is null and status = 'OPENING';
