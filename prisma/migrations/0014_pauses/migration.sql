-- What an organization has stopped for now: all its payouts on a chain, those of an account, or one batch.
alter type "EventType" add value 'CHAIN_PAUSED';
alter type "EventType" add value 'CHAIN_RESUMED';
alter type "EventType" add value 'ACCOUNT_PAUSED';
alter type "EventType" add value 'ACCOUNT_RESUMED';
alter type "EventType" add value 'PAYOUT_BATCH_PAUSED';
alter type "EventType" add value 'PAYOUT_BATCH_RESUMED';

create type "PauseScope" as enum ('CHAIN', 'ACCOUNT', 'PAYOUT_BATCH');

-- A row is a pause that stands: resuming deletes it, and what was is in the event log.
create table "payout_pause" (
    "id" uuid not null default uuidv7(),
    "organization_id" uuid not null references "organization" (id),
    "scope" "PauseScope" not null,
    "chain_id" uuid references "chain" (id),
    "account_id" uuid,
    "batch_id" uuid,
    "reason" text not null,
    "paused_by_user_id" uuid not null references "app_user" (id),
    "paused_at" timestamptz(6) not null default clock_timestamp(),

    constraint "payout_pause_pkey" primary key ("id"),
    foreign key (account_id, organization_id) references "account" (id, organization_id),
    foreign key (batch_id, organization_id) references "payout_batch" (id, organization_id),
    check (length("reason") between 1 and 1000),
    check (("chain_id" is not null) = ("scope" = 'CHAIN')
        and ("account_id" is not null) = ("scope" = 'ACCOUNT')
        and ("batch_id" is not null) = ("scope" = 'PAYOUT_BATCH'))
);
-- One pause of a thing at a time. Every organization pauses a chain for itself.
create unique index "payout_pause_organization_id_chain_id_key" on "payout_pause" ("organization_id", "chain_id");
create unique index "payout_pause_account_id_organization_id_key" on "payout_pause" ("account_id", "organization_id");
create unique index "payout_pause_batch_id_organization_id_key" on "payout_pause" ("batch_id", "organization_id");
